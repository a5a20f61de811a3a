using System.Net;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Identity;

/// <summary>Another password for whoever has forgotten theirs, and for nobody else.</summary>
public sealed class PasswordResetTests : IAsyncLifetime
{
    private const string Another = "iguanas like it warm too";
    private MailedServer _server = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private TestApp App => _server.App;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await MailedServer.StartAsync();
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_link_of_the_mail_sets_another_password_and_ends_all_sessions()
    {
        using var inside = App.Visit();
        await inside.GetAsync("/account", Cancelled);
        using var ana = App.VisitAsStranger();
        var link = await AskAsync(ana, "ana@example.org");

        await ana.GetAsync(link, Cancelled);
        var after = await ana.PostAsync("/reset", Cancelled, ("Token", TokenOf(link)), ("Password", Another));

        Assert.NotNull(after.QuerySelector(".notice-line--good"));
        Assert.Null(ana.Session);
        await inside.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", inside.Path, StringComparison.Ordinal);
        Assert.False(await OpensAsync(Visitor.Password));
        Assert.True(await OpensAsync(Another));
    }

    [Fact]
    public async Task N01_only_the_link_of_this_person_that_is_new_sets_their_password()
    {
        using var ana = App.VisitAsStranger();
        var used = TokenOf(await AskAsync(ana, "ana@example.org"));
        await ana.PostAsync("/reset", Cancelled, ("Token", used), ("Password", Another));
        var over = await OverAsync();
        await ana.GetAsync("/forgotten", Cancelled);

        (string Name, string Value)[][] wrong =
            [[], [("Token", "")], [("Token", "null")], [("Token", "[]")], [("Token[]", used)], [("Token", used)], [("Token", over)], [("Token", used[..^4] + "AAAA")], [("Token", used), ("Token", used)]];
        foreach (var token in wrong)
        {
            using var refused = await ana.TryPostAsync("/reset", Cancelled, [.. token, ("Password", "nobody shall have this one")]);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        using var json = await ana.TryPostAsync("/reset", new StringContent("{\"Token\":null,\"Password\":\"nobody shall have this one\"}", System.Text.Encoding.UTF8, "application/json"), Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, json.StatusCode);
        Assert.True(await OpensAsync(Another));
        Assert.False(await OpensAsync("nobody shall have this one"));
    }

    [Fact]
    public async Task N01_the_link_of_somebody_else_sets_their_password_alone_whoever_is_named_beside_it()
    {
        using var ana = App.Visit();
        using var bruno = App.VisitAsStranger();
        await bruno.AcceptAsync(await ana.InviteAsync("bruno@example.org"), cancellationToken: Cancelled);
        using var eve = App.VisitAsStranger();
        var token = TokenOf(await AskAsync(eve, "bruno@example.org"));
        var anas = (await ana.GetAsync("/admin/people", Cancelled)).QuerySelector("#people a[href^='/admin/people/']")!.GetAttribute("href")![^36..];

        await eve.GetAsync($"/reset?token={token}", Cancelled);
        await eve.PostAsync(
            $"/reset?email=ana%40example.org&accountId={anas}", Cancelled, ("Token", token), ("Password", Another), ("Email", "ana@example.org"), ("AccountId", anas));

        Assert.True(await OpensAsync(Visitor.Password));
        Assert.False(await OpensAsync(Another));
        Assert.True(await OpensAsync(Another, "bruno@example.org"));
        await ana.GetAsync("/account", Cancelled);
        Assert.Equal("/account", ana.Path);
    }

    [Fact]
    public async Task N01_what_was_sealed_for_something_else_sets_no_password()
    {
        using var ana = App.Visit();
        var key = (await ana.InviteAsync("bruno@example.org", cancellationToken: Cancelled)).Split('/')[^1];
        await SetSecondStepUpAsync(ana);
        using var eve = App.VisitAsStranger();
        await eve.GetAsync("/sign-in", Cancelled);
        await eve.PostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", Visitor.Password));
        var begun = eve.Cookie("second-step")!;

        foreach (var token in new[] { key, begun, Uri.UnescapeDataString(begun) })
        {
            using var refused = await eve.TryPostAsync("/reset", Cancelled, ("Token", token), ("Password", Another));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Z17_the_new_password_alone_opens_nothing_where_there_is_a_second_step_and_starts_no_count_again()
    {
        using var ana = App.Visit();
        var device = await SetSecondStepUpAsync(ana);
        using var phone = App.VisitAsStranger();
        await phone.GetAsync("/sign-in", Cancelled);
        await phone.PostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", Visitor.Password));
        for (var guess = 0; guess < 4; guess++)
        {
            using var wrong = await phone.TryPostAsync("/sign-in/code", Cancelled, ("Entered", "no code at all"));
        }

        var link = await AskAsync(phone, "ana@example.org");
        await phone.GetAsync(link, Cancelled);
        await phone.PostAsync("/reset", Cancelled, ("Token", TokenOf(link)), ("Password", Another));
        await phone.PostAsync("/sign-in", Cancelled, ("Email", "ana@example.org"), ("Password", Another));

        Assert.StartsWith("/sign-in/code", phone.Path, StringComparison.Ordinal);
        Assert.Null(phone.Session);
        using var fifth = await phone.TryPostAsync("/sign-in/code", Cancelled, ("Entered", "no code at all"));
        using var right = await phone.TryPostAsync("/sign-in/code", Cancelled, ("Entered", device.Code(later: 1)));
        Assert.Equal(HttpStatusCode.BadRequest, right.StatusCode);
        Assert.Null(phone.Session);
    }

    [Fact]
    public async Task N02_what_is_answered_is_the_same_for_every_address_and_the_link_is_in_the_mail_alone()
    {
        using var eve = App.VisitAsStranger();

        var known = await BodyAsync(eve, "ana@example.org");
        var unknown = await BodyAsync(eve, "nobody@example.org");

        Assert.Equal(known, unknown);
        await _server.ReceivedAsync(1, Cancelled);
        Assert.Equal(["ana@example.org"], Assert.Single(_server.Mail.Received).To);
        Assert.DoesNotContain(TokenOf(_server.Mail.Received[0].Link), known, StringComparison.Ordinal);
        using var ana = App.Visit();
        Assert.Empty((await ana.GetAsync("/admin/mail", Cancelled)).QuerySelectorAll("#mail li"));
    }

    [Fact]
    public async Task Fifty_who_use_a_link_at_once_set_one_password()
    {
        using var ana = App.VisitAsStranger();
        var token = TokenOf(await AskAsync(ana, "ana@example.org"));

        var done = await Task.WhenAll(Enumerable.Range(0, 50).Select(async number =>
        {
            await using var scope = App.Services.CreateAsyncScope();
            try
            {
                await scope.ServiceProvider.GetRequiredService<PasswordReset>().RunAsync(token, $"password of attempt {number}", Cancelled);
                return true;
            }
            catch (Core.Errors.RejectedException)
            {
                return false;
            }
        }));

        Assert.Single(done, isDone => isDone);
    }

    // What a link held that was made a day ago.
    private async Task<string> OverAsync()
    {
        await using var scope = App.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var late = ActivatorUtilities.CreateInstance<PasswordReset>(services, new Yesterday());
        string? token = null;
        await late.AskAsync("ana@example.org", given => { token = given; return new Core.Mail.MailDraft("ana@example.org", "en", "reset", TimeSpan.FromHours(1), ("site", ""), ("link", "")); }, Cancelled);
        return token!;
    }

    private async Task<string> AskAsync(Visitor visitor, string email)
    {
        var before = _server.Mail.Received.Count;
        await visitor.GetAsync("/forgotten", Cancelled);
        await visitor.PostAsync("/forgotten", Cancelled, ("Email", email), await visitor.WorkAsync(Cancelled));
        return (await _server.ReceivedAsync(before + 1, Cancelled)).Link;
    }

    private static async Task<string> BodyAsync(Visitor visitor, string email)
    {
        await visitor.GetAsync("/forgotten", Cancelled);
        using var answer = await visitor.TryPostAsync("/forgotten", Cancelled, ("Email", email), await visitor.WorkAsync(Cancelled));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadAsStringAsync(Cancelled);
    }

    private async Task<bool> OpensAsync(string password, string email = "ana@example.org")
    {
        await using var scope = App.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<PasswordSignIn>().CheckAsync(email, password, Cancelled)).IsIn;
    }

    private static async Task<Device> SetSecondStepUpAsync(Visitor visitor)
    {
        await visitor.GetAsync("/account/second-step", Cancelled);
        var page = await visitor.PostAsync("/account/second-step", Cancelled, ("Password", Visitor.Password));
        var device = new Device(page.QuerySelector("#second-step-key")!.TextContent);
        await visitor.PostAsync("/account/second-step", Cancelled, ("_method", "PUT"), ("Kept", page.QuerySelector("input[name=Kept]")!.GetAttribute("value")!), ("Code", device.Code()));
        return device;
    }

    private static string TokenOf(string link) => link[(link.IndexOf('=', StringComparison.Ordinal) + 1)..];

    private sealed class Yesterday : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddDays(-1);
    }
}
