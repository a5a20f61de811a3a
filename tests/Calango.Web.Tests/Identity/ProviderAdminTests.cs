using System.Net;
using Calango.Core.Data;
using Calango.Tests.Support.Oidc;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Identity;

/// <summary>The providers of logins, as whoever runs the server enters and tries them.</summary>
public sealed class ProviderAdminTests : IAsyncLifetime
{
    private const string New = "/admin/providers/new/OpenIdConnect";

    private LoginSite _site = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _site = await LoginSite.StartAsync();

    public ValueTask DisposeAsync() => _site?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Theory]
    [InlineData("Name", " ", "field-name-error", "This is needed.")]
    [InlineData("ClientId", "", "field-clientid-error", "This is needed.")]
    [InlineData("Issuer", "http://idp.example", "field-issuer-error", "Enter an address that starts with https://")]
    [InlineData("Issuer", "idp.example", "field-issuer-error", "Enter an address that starts with https://")]
    [InlineData("Issuer", "https://idp.example/?a=b", "field-issuer-error", "Enter an address that starts with https://")]
    [InlineData("AllowsPlainLoopback", "false", "field-issuer-error", "Enter an address that starts with https://")]
    [InlineData("Domains", "example", "field-domains-error", "These are no domains")]
    [InlineData("Domains", "<script>.org", "field-domains-error", "These are no domains")]
    [InlineData("GroupClaim", "a\u0001b", "field-groupclaim-error", "There is a character here")]
    public async Task What_is_wrong_is_said_at_its_field_and_nothing_is_stored(string field, string value, string error, string text)
    {
        var page = await _site.Ana.GetAsync(New, Cancelled);
        using var response = await _site.Ana.TryPostAsync(page.QuerySelector("#provider-form")!.GetAttribute("action")!, Cancelled, LoginSite.FieldsOf(_site.Provider, [(field, value), ("Scopes", "kept")]));

        var again = await Reading.PageAsync(response, Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith(text, again.QuerySelector($"#{error}")?.TextContent ?? "", StringComparison.Ordinal);
        Assert.Equal("kept", again.QuerySelector("#field-scopes")!.GetAttribute("value"));
        Assert.Null((await _site.Ana.GetAsync("/admin/providers", Cancelled)).QuerySelector("#providers"));
    }

    [Fact]
    public async Task Z09_a_secret_is_shown_to_nobody_again_and_does_not_go_to_another_issuer()
    {
        var id = await _site.AddAsync();

        using var shown = await _site.Ana.Http.GetAsync($"/admin/providers/{id}", Cancelled);
        Assert.DoesNotContain(ScriptedProvider.ClientSecret, WebUtility.HtmlDecode(await shown.Content.ReadAsStringAsync(Cancelled)), StringComparison.Ordinal);
        Assert.DoesNotContain(ScriptedProvider.ClientSecret, await DumpAsync(), StringComparison.Ordinal);

        await _site.ChangeAsync(id, ("Secret", ""), ("MakesAccounts", "true"));
        _site.Be("bruno-1");
        using (await _site.EnterAsync(id))
        {
            await _site.Ana.GetAsync($"/admin/providers/{id}", Cancelled);
        }

        using var moved = await _site.Ana.TryPostAsync($"/admin/providers/{id}", Cancelled, LoginSite.FieldsOf(_site.Provider, [("Issuer", "https://evil.example"), ("Secret", "")]));
        Assert.Equal(HttpStatusCode.BadRequest, moved.StatusCode);
        Assert.NotNull((await Reading.PageAsync(moved, Cancelled)).QuerySelector("#field-secret-error"));
    }

    [Fact]
    public async Task A_trial_shows_what_is_told_of_somebody_and_what_they_would_be_and_nothing_comes_of_it()
    {
        var id = await _site.AddAsync(("IsOn", "false"), ("MakesAccounts", "true"), ($"Groups[{LoginSite.Admin}]", "ops"), ($"Groups[{LoginSite.Member}]", "staff\nwriters"));
        _site.Be("bruno-1", "bruno@example.org", name: "Bruno", groups: ["staff", "<b>night shift</b>"]);

        var page = await TryOutAsync(id);

        Assert.Equal("Member", page.QuerySelector("#outlook-role")!.TextContent);
        Assert.Equal("staff, <b>night shift</b>", page.QuerySelector("#outlook-groups")!.TextContent);
        Assert.Equal(["ops Does not apply", "staff Applies", "writers Does not apply"], page.QuerySelectorAll("#outlook-rules li").Select(row => LoginSite.Words(string.Join(' ', row.Children.Select(part => part.TextContent)))));
        Assert.Contains("\"email\": \"bruno@example.org\"", page.QuerySelector("#outlook-claims")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("It would make a new account.", page.QuerySelector("#outlook")!.TextContent, StringComparison.Ordinal);
        Assert.StartsWith("Ana", await LoginSite.AccountOf(_site.Ana), StringComparison.Ordinal);
        Assert.Single((await _site.Ana.GetAsync("/account", Cancelled)).QuerySelectorAll("#sessions li"));
        Assert.Single((await _site.Ana.GetAsync("/admin/people", Cancelled)).QuerySelectorAll("#people li"));
        Assert.Equal(HttpStatusCode.Forbidden, (await _site.TryAsync(id)).Status);

        _site.Be("eve-1", "ana@example.org");
        Assert.Contains("Somebody here has the address", (await TryOutAsync(id)).QuerySelector("#outlook")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trial_that_fails_names_the_rule_to_whoever_runs_the_server()
    {
        var id = await _site.AddAsync();
        _site.Provider.IdToken.Claims = claims => claims["aud"] = "somebody";
        await _site.Ana.GetAsync($"/admin/providers/{id}", Cancelled);
        var onward = (await _site.Ana.PostAsync($"/admin/providers/{id}/trial", Cancelled)).QuerySelector("#onward")!.GetAttribute("href");

        using var response = await _site.Ana.Http.GetAsync(onward, Cancelled);

        Assert.Equal("AudienceWrong", (await Reading.PageAsync(response, Cancelled)).QuerySelector("code")!.TextContent);
    }

    [Fact]
    public async Task Whoever_does_not_run_the_server_neither_sees_nor_changes_nor_tries_a_provider()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        _site.Be("bruno-1");
        using var bruno = await _site.EnterAsync(id);

        foreach (var path in (string[])["/admin/providers", New, $"/admin/providers/{id}", $"/admin/providers/{id}/deletion"])
        {
            using var seen = await bruno.Http.GetAsync(path, Cancelled);
            Assert.Equal(HttpStatusCode.Forbidden, seen.StatusCode);
        }

        foreach (var (path, method) in ((string, string)[])[($"/admin/providers/{id}", "POST"), ($"/admin/providers/{id}", "DELETE"), ($"/admin/providers/{id}/service", "DELETE"), ($"/admin/providers/{id}/trial", "POST")])
        {
            using var done = await bruno.TryPostAsync(path, Cancelled, ("_method", method));
            Assert.Equal(HttpStatusCode.Forbidden, done.StatusCode);
        }

        using var _ = await _site.EnterAsync(id);
    }

    [Fact]
    public async Task A_provider_that_is_removed_takes_its_logins_along_after_saying_how_many()
    {
        var id = await _site.AddAsync(("MakesAccounts", "true"));
        _site.Be("bruno-1", "bruno@example.org");
        using var bruno = await _site.EnterAsync(id);

        Assert.Contains("One login of a person goes with it", (await _site.Ana.GetAsync($"/admin/providers/{id}/deletion", Cancelled)).Body!.TextContent, StringComparison.Ordinal);
        await _site.Ana.PostAsync($"/admin/providers/{id}", Cancelled, ("_method", "DELETE"));

        Assert.Null((await bruno.GetAsync("/account", Cancelled)).QuerySelector("#logins"));
        using var gone = await _site.Ana.Http.GetAsync($"/admin/providers/{id}", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        using var unknown = await _site.Ana.Http.GetAsync("/admin/providers/new/Saml", Cancelled);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private async Task<AngleSharp.Html.Dom.IHtmlDocument> TryOutAsync(string id)
    {
        await _site.Ana.GetAsync($"/admin/providers/{id}", Cancelled);
        var page = await _site.Ana.PostAsync($"/admin/providers/{id}/trial", Cancelled);
        return await _site.Ana.GetAsync(page.QuerySelector("#onward")!.GetAttribute("href")!, Cancelled);
    }

    private Task<string> DumpAsync() => _site.App.Services.GetRequiredService<Database>().ReadAsync(
        async db => string.Join('\n', await db.Database.SqlQueryRaw<string>("SELECT t::text AS \"Value\" FROM login_providers t").ToListAsync(Cancelled)), Cancelled);
}
