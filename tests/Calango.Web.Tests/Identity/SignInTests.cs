using System.Buffers.Binary;
using System.Net;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Calango.Web.Tests.Identity;

public sealed class SignInTests : IAsyncLifetime
{
    private TestApp _app = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _app = await TestApp.StartAsync(DatabaseKind.Postgres);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Who_opens_a_page_signs_in_and_comes_back_to_it()
    {
        using var ana = _app.VisitAsStranger();
        await ana.GetAsync("/search?q=lizard", Cancelled);
        Assert.StartsWith("/sign-in?returnUrl=", ana.Path, StringComparison.Ordinal);

        await SignInAsync(ana, returnUrl: "/search?q=lizard");

        Assert.Equal("/search?q=lizard", ana.Path);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task Nobody_is_sent_to_another_site_by_signing_in(string returnUrl)
    {
        using var ana = _app.VisitAsStranger();
        await ana.GetAsync("/sign-in", Cancelled);

        await SignInAsync(ana, returnUrl: returnUrl);

        Assert.Equal("/", ana.Path);
    }

    [Theory]
    [InlineData("ana@example.org", "not her password at all")]
    [InlineData("nobody@example.org", "not her password at all")]
    public async Task A_wrong_password_and_an_unknown_address_are_told_alike(string email, string password)
    {
        using var eve = _app.VisitAsStranger();
        await eve.GetAsync("/sign-in", Cancelled);

        using var response = await eve.TryPostAsync("/sign-in", Cancelled, ("Email", email), ("Password", password));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("That address and password do not fit together.", (await Reading.PageAsync(response, Cancelled)).QuerySelector("[role=alert]")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Null(eve.Session);
    }

    [Fact]
    public async Task After_five_wrong_passwords_the_right_one_does_not_help_for_a_while()
    {
        using var eve = _app.VisitAsStranger();
        await eve.GetAsync("/sign-in", Cancelled);
        for (var guess = 0; guess < 5; guess++)
        {
            using var wrong = await eve.TryPostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", $"wrong guess number {guess}"), await eve.WorkAsync(Cancelled));
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        }

        using var right = await eve.TryPostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", Visitor.Password), await eve.WorkAsync(Cancelled));

        Assert.Equal(HttpStatusCode.BadRequest, right.StatusCode);
        Assert.Null(eve.Session);
    }

    [Fact]
    public async Task Wrong_passwords_that_are_sent_at_once_are_all_counted()
    {
        using var eve = _app.VisitAsStranger();
        await eve.GetAsync("/sign-in", Cancelled);

        var wrong = await Task.WhenAll(Enumerable.Range(0, 15).Select(async guess =>
            await eve.TryPostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", $"wrong guess number {guess}"), await eve.WorkAsync(Cancelled))));

        Assert.All(wrong, answer => Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode));
        Array.ForEach(wrong, answer => answer.Dispose());
        using var right = await eve.TryPostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", Visitor.Password), await eve.WorkAsync(Cancelled));
        Assert.Equal(HttpStatusCode.BadRequest, right.StatusCode);
        Assert.Null(eve.Session);
    }

    [Fact]
    public async Task N05_an_address_that_tries_too_often_is_told_when_to_come_back_whatever_it_says_it_is()
    {
        using var eve = _app.VisitAsStranger();
        await eve.GetAsync("/sign-in", Cancelled);
        HttpResponseMessage? last = null;
        for (var guess = 0; guess < 30 && last?.StatusCode != HttpStatusCode.TooManyRequests; guess++)
        {
            last?.Dispose();
            eve.Http.DefaultRequestHeaders.Remove("X-Forwarded-For");
            eve.Http.DefaultRequestHeaders.Add("X-Forwarded-For", $"203.0.113.{guess}");
            last = await eve.TryPostAsync("/sign-in", Cancelled, ("Email", $"guess{guess}@example.org"), ("Password", "whatever it may be"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, last!.StatusCode);
        Assert.InRange(last.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
        last.Dispose();
    }

    [Fact]
    public async Task Signing_in_opens_a_new_session_and_ends_the_one_that_the_browser_had()
    {
        using var ana = _app.VisitAsStranger();
        await ana.GetAsync("/sign-in", Cancelled);
        await SignInAsync(ana);
        var before = ana.Session;

        // A page before the door: whoever is in is sent on, but may send the form all the same.
        await SignInAsync(ana);

        Assert.NotEqual(before, ana.Session);
        using var old = new Visitor(_app.Address, before);
        await old.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", old.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Z18_a_session_that_is_ended_elsewhere_is_over_at_once_and_so_are_its_streams()
    {
        _app.Upstream.Enqueue(new UpstreamReply { Text = "Lizards sleep.", HoldAfter = 1 });
        using var phone = _app.VisitAsStranger();
        await phone.GetAsync("/sign-in", Cancelled);
        await SignInAsync(phone);
        var chat = await phone.PostAsync("/messages", Cancelled, ("Text", "Where?"), ("Model", _app.Model.ToString()));
        var stream = chat.QuerySelector("[sse-connect]")!.GetAttribute("sse-connect")!;
        using var response = await phone.Http.GetAsync(stream, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        response.EnsureSuccessStatusCode();
        var reading = response.Content.ReadAsByteArrayAsync(Cancelled);

        using var ana = _app.Visit();
        var account = await ana.GetAsync("/account", Cancelled);
        var end = account.QuerySelectorAll("#sessions button[formaction]").Single().GetAttribute("formaction")!;
        await ana.PostAsync(end, Cancelled, ("_method", "DELETE"));

        await reading.WaitAsync(TimeSpan.FromSeconds(5), Cancelled);
        using var again = await phone.Http.GetAsync(stream, Cancelled);
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
        await phone.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", phone.Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_password_ends_all_other_sessions_and_the_old_one_opens_nothing()
    {
        using var ana = _app.Visit();
        using var other = _app.VisitAsStranger();
        await other.GetAsync("/sign-in", Cancelled);
        await SignInAsync(other);
        await ana.GetAsync("/account", Cancelled);

        var changed = await ana.PostAsync("/account/password", Cancelled, ("Current", Visitor.Password), ("Next", "iguanas sleep in the shade"));

        Assert.Contains("The password is changed.", changed.Body!.TextContent, StringComparison.Ordinal);
        await other.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", other.Path, StringComparison.Ordinal);
        using var refused = await other.TryPostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", Visitor.Password));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        await other.PostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", "iguanas sleep in the shade"));
        Assert.NotNull(other.Session);
    }

    [Fact]
    public async Task What_the_database_holds_of_a_session_or_a_password_opens_nothing()
    {
        using var ana = _app.Visit();
        await ana.GetAsync("/account", Cancelled);

        var dump = await DumpAsync();

        Assert.DoesNotContain(ana.Session!, dump, StringComparison.Ordinal);
        Assert.DoesNotContain(Visitor.Password, dump, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hash_of_a_password_that_is_weaker_than_those_of_today_is_made_anew_by_signing_in()
    {
        using var ana = _app.VisitAsStranger();
        // As a server of years ago kept it.
        var old = new PasswordHasher<Credentials>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })).HashPassword(new Credentials { Email = "" }, Visitor.Password);
        await _app.Services.GetRequiredService<Database>().WriteAsync(
            db => db.Set<Credentials>().ExecuteUpdateAsync(credentials => credentials.SetProperty(one => one.PasswordHash, old), Cancelled), Cancelled);

        await ana.GetAsync("/sign-in", Cancelled);
        await SignInAsync(ana);

        Assert.Equal(210_000, IterationsOf(await _app.Services.GetRequiredService<Database>().ReadAsync(
            db => db.Set<Credentials>().Select(credentials => credentials.PasswordHash!).SingleAsync(Cancelled), Cancelled)));

        // Identity's third format: its number, the function, the iterations (ASP.NET Core, PasswordHasher).
        static int IterationsOf(string hash) => BinaryPrimitives.ReadInt32BigEndian(Convert.FromBase64String(hash).AsSpan(5));
    }

    private static Task SignInAsync(Visitor visitor, string returnUrl = "/") =>
        visitor.PostAsync("/sign-in", Cancelled, ("Email", "Ana@Example.org"), ("Password", Visitor.Password), ("returnUrl", returnUrl));

    private Task<string> DumpAsync() => _app.Services.GetRequiredService<Database>().ReadAsync(
        async db =>
        {
            var rows = new List<string>();
            foreach (var query in (string[])["SELECT t::text AS \"Value\" FROM sessions t", "SELECT t::text AS \"Value\" FROM credentials t"])
            {
                rows.AddRange(await db.Database.SqlQueryRaw<string>(query).ToListAsync(Cancelled));
            }

            return string.Join('\n', rows);
        },
        Cancelled);
}
