using System.Net;
using System.Net.Http.Headers;
using System.Text;
using AngleSharp.Html.Dom;
using Calango.Core.Data;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Identity;

/// <summary>Z17: where an account has a second step, its password alone opens nothing.</summary>
public sealed class SecondStepTests : IAsyncLifetime
{
    private const string Email = "ana@example.org";

    private TestApp _app = null!;
    private Visitor _ana = null!;
    private Device _device = null!;
    private IReadOnlyList<string> _codes = [];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _app = await TestApp.StartAsync(DatabaseKind.Postgres, connected: false);
        _ana = _app.Visit();
    }

    public ValueTask DisposeAsync()
    {
        _ana?.Dispose();
        return _app.DisposeAsync();
    }

    [Fact]
    public async Task A_code_of_the_device_opens_the_account_after_the_password_and_leads_to_the_page_that_was_wanted()
    {
        await SetUpAsync();
        using var phone = await PasswordAsync(returnUrl: "/search?q=lizard");
        Assert.StartsWith("/sign-in/code", phone.Path, StringComparison.Ordinal);
        Assert.Null(phone.Session);

        await CodeAsync(phone, _device.Code(later: 1), "/search?q=lizard");

        Assert.Equal("/search?q=lizard", phone.Path);
        Assert.NotNull(phone.Session);
        Assert.Contains("Set a second step up", await ActsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_key_counts_only_once_the_device_has_shown_a_right_code()
    {
        var page = await BeginAsync(Visitor.Password);
        var (key, kept) = (page.QuerySelector("#second-step-key")!.TextContent, KeptOf(page));

        using var wrong = await _ana.TryPostAsync("/account/second-step", Cancelled, ("_method", "PUT"), ("Kept", kept), ("Code", Wrong(new Device(key))));

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal(key, (await Reading.PageAsync(wrong, Cancelled)).QuerySelector("#second-step-key")!.TextContent);
        using var phone = await PasswordAsync();
        Assert.NotNull(phone.Session);
        Assert.Contains($"secret={key.Replace(" ", "", StringComparison.Ordinal)}&", page.QuerySelector("#second-step-link")!.GetAttribute("href"), StringComparison.Ordinal);
        Assert.StartsWith("otpauth://totp/Calango%20127.0.0.1:ana%40example.org?", page.QuerySelector("#second-step-link")!.GetAttribute("href"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Setting_it_up_ends_all_other_sessions()
    {
        using var phone = await PasswordAsync();
        Assert.NotNull(phone.Session);

        await SetUpAsync();

        await phone.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", phone.Path, StringComparison.Ordinal);
        Assert.Equal("/account", await PathAsync(_ana, "/account"));
    }

    [Fact]
    public async Task A_code_counts_once_whoever_has_seen_it()
    {
        await SetUpAsync();
        using var phone = await PasswordAsync();
        using var eve = await PasswordAsync();
        var code = _device.Code(later: 1);
        await CodeAsync(phone, code);
        Assert.NotNull(phone.Session);

        using var again = await TryCodeAsync(eve, code);

        await AssertRefusedAsync(again, eve);
    }

    [Fact]
    public async Task One_code_that_is_sent_many_times_at_once_opens_one_session()
    {
        await SetUpAsync();
        var visitors = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PasswordAsync()));
        var code = _device.Code(later: 1);

        await Task.WhenAll(visitors.Select(async visitor => (await TryCodeAsync(visitor, code)).Dispose()));

        Assert.Single(visitors, visitor => visitor.Session is not null);
        Array.ForEach(visitors, visitor => visitor.Dispose());
    }

    [Fact]
    public async Task A_recovery_code_stands_in_for_the_device_once()
    {
        await SetUpAsync();
        Assert.Equal(10, _codes.Distinct().Count());
        using var phone = await PasswordAsync();
        using var eve = await PasswordAsync();

        await CodeAsync(phone, _codes[3].ToLowerInvariant().Replace("-", " ", StringComparison.Ordinal));
        using var again = await TryCodeAsync(eve, _codes[3]);

        Assert.NotNull(phone.Session);
        await AssertRefusedAsync(again, eve);
        Assert.Contains("9 recovery codes are left.", (await phone.GetAsync("/account/second-step", Cancelled)).QuerySelector("#second-step-state")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Used a recovery code", await ActsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_recovery_codes_need_the_password_and_replace_those_before()
    {
        await SetUpAsync();
        using (var refused = await _ana.TryPostAsync("/account/second-step/recovery-codes", Cancelled, ("Password", "not the password")))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        var fresh = CodesOf(await _ana.PostAsync("/account/second-step/recovery-codes", Cancelled, ("Password", Visitor.Password)));

        using var phone = await PasswordAsync();
        using (var old = await TryCodeAsync(phone, _codes[0]))
        {
            await AssertRefusedAsync(old, phone);
        }

        await CodeAsync(phone, fresh[0]);
        Assert.NotNull(phone.Session);
    }

    [Fact]
    public async Task After_five_wrong_codes_the_account_rests_and_the_password_does_not_start_the_count_again()
    {
        await SetUpAsync();
        var wrong = Wrong(_device);
        using var eve = await PasswordAsync();
        for (var guess = 0; guess < 5; guess++)
        {
            using var again = guess == 3 ? await PasswordAsync() : null;
            using var refused = await TryCodeAsync(again ?? eve, wrong);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        using var right = await TryCodeAsync(eve, _device.Code(later: 1));
        await AssertRefusedAsync(right, eve);
        using var recovery = await TryCodeAsync(eve, _codes[0]);
        await AssertRefusedAsync(recovery, eve);
        using var password = await eve.TryPostAsync("/sign-in", Cancelled, ("Email", Email), ("Password", Visitor.Password));
        Assert.Equal(HttpStatusCode.BadRequest, password.StatusCode);
    }

    [Fact]
    public async Task Wrong_codes_that_are_sent_at_once_are_all_counted()
    {
        await SetUpAsync();
        using var eve = await PasswordAsync();
        var wrong = Wrong(_device);

        await Task.WhenAll(Enumerable.Range(0, 15).Select(async _ => (await TryCodeAsync(eve, wrong)).Dispose()));

        using var right = await TryCodeAsync(eve, _device.Code(later: 1));
        await AssertRefusedAsync(right, eve);
    }

    [Fact]
    public async Task The_password_alone_opens_nothing()
    {
        await SetUpAsync();
        using var eve = await PasswordAsync();

        Assert.StartsWith("/sign-in", await PathAsync(eve, "/account"), StringComparison.Ordinal);
        Assert.StartsWith("/sign-in", await PathAsync(eve, "/account/second-step"), StringComparison.Ordinal);
        Assert.StartsWith("/sign-in", await PathAsync(eve, "/admin/people"), StringComparison.Ordinal);
        await eve.GetAsync("/sign-in", Cancelled);
        var own = ("Password", Visitor.Password);
        foreach (var (path, fields) in ((string, (string, string)[])[])
        [
            ("/account/password", [("Current", Visitor.Password), ("Next", "iguanas sleep in the shade")]),
            ("/account/second-step", [own, ("_method", "DELETE")]),
            ("/account/second-step", [own]),
            ("/account/second-step/recovery-codes", [own]),
            ("/account/tokens", [("Name", "mine"), ("Days", "30"), ("Scopes", "Models")]),
        ])
        {
            using var refused = await eve.TryPostAsync(path, Cancelled, fields);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        foreach (var path in (string[])["/v1/models", "/api/chats", "/account"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Email}:{Visitor.Password}")));
            using var refused = await eve.Http.SendAsync(request, Cancelled);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        Assert.Null(eve.Session);
    }

    [Fact]
    public async Task Without_the_password_there_is_no_page_for_a_code()
    {
        await SetUpAsync();
        using var eve = _app.VisitAsStranger();
        Assert.StartsWith("/sign-in?", await PathAsync(eve, "/sign-in/code"), StringComparison.Ordinal);

        using var answer = await TryCodeAsync(eve, _device.Code(later: 1));

        Assert.StartsWith("/sign-in?", answer.RequestMessage!.RequestUri!.PathAndQuery, StringComparison.Ordinal);
        Assert.Null(eve.Session);
    }

    [Fact]
    public async Task What_was_begun_with_a_password_is_over_when_the_password_changes()
    {
        await SetUpAsync();
        using var eve = await PasswordAsync();
        await _ana.GetAsync("/account", Cancelled);
        await _ana.PostAsync("/account/password", Cancelled, ("Current", Visitor.Password), ("Next", "iguanas sleep in the shade"));

        using var answer = await TryCodeAsync(eve, _device.Code(later: 1));

        Assert.StartsWith("/sign-in?", answer.RequestMessage!.RequestUri!.PathAndQuery, StringComparison.Ordinal);
        Assert.Null(eve.Session);
    }

    [Fact]
    public async Task Turned_off_with_the_password_the_password_is_enough_again()
    {
        await SetUpAsync();
        using (var refused = await _ana.TryPostAsync("/account/second-step", Cancelled, ("_method", "DELETE"), ("Password", "not the password")))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        await _ana.PostAsync("/account/second-step", Cancelled, ("_method", "DELETE"), ("Password", Visitor.Password));

        using var phone = await PasswordAsync();
        Assert.Equal("/", phone.Path);
        Assert.NotNull(phone.Session);
        Assert.Contains("Turned the second step off", await ActsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_runs_the_server_takes_it_from_somebody_who_has_lost_their_device_but_not_from_themselves()
    {
        await SetUpAsync();
        using var bruno = await InviteAsync();
        await SetUpAsync(bruno);
        var people = await _ana.GetAsync("/admin/people?q=bruno", Cancelled);
        var person = people.QuerySelector("#people li a")!.GetAttribute("href")!;
        Assert.Contains("Signs in with a second step.", (await _ana.GetAsync(person, Cancelled)).QuerySelector("#person-second-step")!.TextContent, StringComparison.Ordinal);

        await _ana.PostAsync($"{person}/second-step", Cancelled, ("_method", "DELETE"));

        Assert.StartsWith("/sign-in", await PathAsync(bruno, "/account"), StringComparison.Ordinal);
        using var phone = await PasswordAsync("bruno@example.org");
        Assert.NotNull(phone.Session);
        Assert.Contains("Took a second step away", await ActsAsync(), StringComparison.Ordinal);
        var ana = (await _ana.GetAsync($"/admin/people?q={Email}", Cancelled)).QuerySelector("#people li a")!.GetAttribute("href")!;
        using var own = await _ana.TryPostAsync($"{ana}/second-step", Cancelled, ("_method", "DELETE"));
        Assert.Equal(HttpStatusCode.BadRequest, own.StatusCode);
        using var eve = await PasswordAsync();
        Assert.Null(eve.Session);
    }

    [Fact]
    public async Task What_the_database_holds_is_neither_the_key_nor_a_code()
    {
        var key = (await SetUpAsync()).Key;
        var dump = await _app.Services.GetRequiredService<Database>().ReadAsync(
            async db => string.Join('\n', await db.Database.SqlQueryRaw<string>(
                """SELECT encode("ProtectedKey", 'hex') || ' ' || encode("ProtectedKey", 'escape') AS "Value" FROM second_steps UNION ALL SELECT encode("TextHash", 'hex') || ' ' || encode("TextHash", 'escape') FROM recovery_codes""").ToListAsync(Cancelled)),
            Cancelled);

        Assert.NotEmpty(dump);
        Assert.DoesNotContain(Convert.ToHexStringLower(Device.Bytes(key)), dump, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Replace(" ", "", StringComparison.Ordinal), dump, StringComparison.Ordinal);
        Assert.All(_codes, code => Assert.DoesNotContain(code.Replace("-", "", StringComparison.Ordinal), dump, StringComparison.Ordinal));
    }

    private static string Wrong(Device device) => device.Code() == "000000" || device.Code(1) == "000000" || device.Code(-1) == "000000" ? "999999" : "000000";

    private static string KeptOf(IHtmlDocument page) => page.QuerySelector("input[name=Kept]")!.GetAttribute("value")!;

    private static IReadOnlyList<string> CodesOf(IHtmlDocument page) => [.. page.QuerySelectorAll("#recovery-codes code").Select(code => code.TextContent)];

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, Visitor visitor)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.StartsWith("That code does not open the account.", (await Reading.PageAsync(answer, Cancelled)).QuerySelector("[role=alert]")!.TextContent.Trim(), StringComparison.Ordinal);
        Assert.Null(visitor.Session);
    }

    private static Task<IHtmlDocument> CodeAsync(Visitor visitor, string code, string returnUrl = "/") =>
        visitor.PostAsync("/sign-in/code", Cancelled, ("Entered", code), ("returnUrl", returnUrl));

    private static Task<HttpResponseMessage> TryCodeAsync(Visitor visitor, string code) => visitor.TryPostAsync("/sign-in/code", Cancelled, ("Entered", code));

    private static async Task<string> PathAsync(Visitor visitor, string path)
    {
        await visitor.GetAsync(path, Cancelled);
        return visitor.Path;
    }

    private async Task<IHtmlDocument> BeginAsync(string password, Visitor? visitor = null)
    {
        await (visitor ?? _ana).GetAsync("/account/second-step", Cancelled);
        return await (visitor ?? _ana).PostAsync("/account/second-step", Cancelled, ("Password", password));
    }

    private async Task<(Device Device, string Key)> SetUpAsync(Visitor? visitor = null)
    {
        var page = await BeginAsync(Visitor.Password, visitor);
        var key = page.QuerySelector("#second-step-key")!.TextContent;
        var device = new Device(key);
        var codes = CodesOf(await (visitor ?? _ana).PostAsync("/account/second-step", Cancelled, ("_method", "PUT"), ("Kept", KeptOf(page)), ("Code", device.Code())));
        if (visitor is null)
        {
            (_device, _codes) = (device, codes);
        }

        return (device, key);
    }

    private async Task<Visitor> PasswordAsync(string email = Email, string returnUrl = "/")
    {
        var visitor = _app.VisitAsStranger();
        await visitor.GetAsync("/sign-in", Cancelled);
        await visitor.PostAsync("/sign-in", Cancelled, ("Email", email), ("Password", Visitor.Password), ("returnUrl", returnUrl));
        return visitor;
    }

    private async Task<Visitor> InviteAsync()
    {
        var page = await _ana.GetAsync("/admin/people", Cancelled);
        var role = page.QuerySelectorAll("#invitation-role option").First(option => option.TextContent.Trim() == "Member").GetAttribute("value")!;
        var made = await _ana.PostAsync("/admin/people", Cancelled, ("Email", "bruno@example.org"), ("RoleId", role));
        var link = new Uri(made.QuerySelector("#invitation-link")!.GetAttribute("value")!).PathAndQuery;
        var bruno = _app.VisitAsStranger();
        await bruno.GetAsync(link, Cancelled);
        await bruno.PostAsync(link, Cancelled, ("Name", "Bruno"), ("Password", Visitor.Password));
        return bruno;
    }

    private async Task<string> ActsAsync()
    {
        using var phone = _app.Visit();
        return (await phone.GetAsync("/admin/audit", Cancelled)).QuerySelector("#audit")!.TextContent;
    }
}
