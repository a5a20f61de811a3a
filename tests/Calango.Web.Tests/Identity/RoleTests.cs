using System.Net;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Tests.Support.Webhooks;
using Calango.Web.Tests.Api;
using Calango.Web.Tests.Webhooks;

namespace Calango.Web.Tests.Identity;

/// <summary>Roles of a server's own: what they permit, where they can be chosen, and that somebody is left to run the server.</summary>
public sealed class RoleTests : IAsyncLifetime
{
    private const string Admin = "/admin/roles/01900000-0000-7000-8000-000000000011";
    private const string Member = "/admin/roles/01900000-0000-7000-8000-000000000012";
    private const string Reader = "/admin/roles/01900000-0000-7000-8000-000000000013";

    private readonly WebhookReceiver _receiver = WebhookReceiver.Start(ServerProcess.FreePort());
    private ApiServer _server = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private Visitor Ana => _server.Owner;

    private string Model => _server.App.Model.ToString();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        _server = await ApiServer.StartAsync(DatabaseKind.Postgres, ("CALANGO_WEB_ALLOWEDHOSTS", _receiver.Address.Authority));
    }

    public async ValueTask DisposeAsync()
    {
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_role_of_ones_own_can_be_chosen_wherever_there_are_roles_and_permits_what_it_says()
    {
        await MakeAsync("  Press ", "Chat");
        Assert.Equal(["Runs the server", "Member", "Reads only", "Press"], (await Ana.GetAsync("/admin/roles", Cancelled)).QuerySelectorAll("#roles a").Select(link => link.TextContent));
        Assert.Contains(
            "Press", (await Ana.GetAsync("/admin/providers/new/OpenIdConnect", Cancelled)).QuerySelectorAll("label[for^='provider-groups-']").Select(label => label.TextContent));

        using var bruno = await _server.InviteAsync("bruno@example.org", "Press");

        Assert.Contains("RolePress", await LoginSite.AccountOf(bruno), StringComparison.Ordinal);
        Assert.Contains("Press", (await Ana.GetAsync("/admin/people?q=bruno", Cancelled)).QuerySelector("#people li")!.TextContent, StringComparison.Ordinal);
        await bruno.PostAsync("/messages", Cancelled, ("Text", "Hello"), ("Model", Model));
        foreach (var path in (string[])["/account/tokens", "/account/webhooks", "/admin/roles"])
        {
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(bruno, path));
        }

        using var made = await bruno.TryPostAsync("/account/tokens", Cancelled, ("Name", "script"), ("Days", "30"), ("Scopes", "Models"));
        Assert.Equal(HttpStatusCode.Forbidden, made.StatusCode);
        Assert.Null((await bruno.GetAsync("/preferences", Cancelled)).QuerySelector("a[href='/account/tokens'], a[href='/account/webhooks']"));
        Assert.NotNull((await Ana.GetAsync("/preferences", Cancelled)).QuerySelector("a[href='/account/tokens']"));
    }

    [Fact]
    public async Task A_person_and_a_providers_group_are_given_a_role_of_ones_own()
    {
        await using var site = await LoginSite.StartAsync();
        await site.Ana.PostAsync("/admin/roles", Cancelled, ("Name", "Operators"), ("Grants", "Administer"));
        var operators = site.Ana.Path.Split('/')[^1];
        var provider = await site.AddAsync(("MakesAccounts", "true"), ($"Groups[{operators}]", "ops"), ($"Groups[{LoginSite.Member}]", "*"));
        site.Be("bruno-1", "bruno@example.org", name: "Bruno", groups: ["ops"]);
        using var bruno = await site.EnterAsync(provider);
        Assert.Contains("RoleOperators", await LoginSite.AccountOf(bruno), StringComparison.Ordinal);
        Assert.NotNull((await bruno.GetAsync("/admin/people", Cancelled)).QuerySelector("#people"));

        using (var refused = await site.Ana.TryPostAsync($"/admin/roles/{operators}", Cancelled, ("_method", "DELETE")))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        site.Be("bruno-1", "bruno@example.org", name: "Bruno", groups: ["staff"]);
        using var member = await site.EnterAsync(provider);
        Assert.Contains("RoleMember", await LoginSite.AccountOf(member), StringComparison.Ordinal);
        using (var named = await site.Ana.TryPostAsync($"/admin/roles/{operators}", Cancelled, ("_method", "DELETE")))
        {
            Assert.Contains("a login elsewhere gives it", await named.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        var person = (await site.Ana.GetAsync("/admin/people?q=bruno", Cancelled)).QuerySelector("#people li a")!.GetAttribute("href")!;
        await site.Ana.PostAsync(person, Cancelled, ("_method", "PUT"), ("roleId", operators));
        await member.GetAsync("/account", Cancelled);
        Assert.StartsWith("/sign-in", member.Path, StringComparison.Ordinal);
        await site.Ana.PostAsync(person, Cancelled, ("_method", "PUT"), ("roleId", LoginSite.Member));
        await site.ChangeAsync(provider, ("MakesAccounts", "true"), ($"Groups[{LoginSite.Member}]", "*"));
        await site.Ana.PostAsync($"/admin/roles/{operators}", Cancelled, ("_method", "DELETE"));
        Assert.Equal(3, (await site.Ana.GetAsync("/admin/roles", Cancelled)).QuerySelectorAll("#roles li").Length);
    }

    [Fact]
    public async Task Z18_what_a_role_loses_its_people_and_their_programs_lose_at_once_and_what_is_open_ends_within_seconds()
    {
        var press = await MakeAsync("Press", "Chat", "Programs");
        using var bruno = await _server.InviteAsync("bruno@example.org", "Press");
        using var program = _server.Program(await ApiServer.MakeTokenAsync(bruno, "Models", "ReadChats"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions")
        {
            Content = ApiServer.Json(new { model = _server.App.Upstream.Models[0], stream = true, messages = new[] { new { role = "user", content = "Talk [[endless=1 r=20]]" } } }),
        };
        using var answer = await program.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(Cancelled));
        Assert.StartsWith("data: ", await lines.ReadLineAsync(Cancelled), StringComparison.Ordinal);

        await ChangeAsync(press, "Press", "Programs");
        Assert.Equal(HttpStatusCode.Forbidden, (await program.GetAsync("/v1/models", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/chats", Cancelled)).StatusCode);
        await lines.ReadToEndAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        using (var sent = await bruno.TryPostAsync("/messages", Cancelled, ("Text", "Hello?"), ("Model", Model)))
        {
            Assert.Equal(HttpStatusCode.Forbidden, sent.StatusCode);
        }

        await ChangeAsync(press, "Press");
        Assert.Equal(HttpStatusCode.Unauthorized, (await program.GetAsync("/api/chats", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(bruno, "/account/tokens"));

        await ChangeAsync(press, "Press", "Chat", "Programs");
        Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/v1/models", Cancelled)).StatusCode);
        Assert.Single((await bruno.GetAsync("/account/tokens", Cancelled)).QuerySelectorAll("#tokens li"));
    }

    [Fact]
    public async Task A_role_that_comes_to_run_the_server_does_at_once_and_no_more_once_it_loses_that()
    {
        var press = await MakeAsync("Press", "Chat");
        using var bruno = await _server.InviteAsync("bruno@example.org", "Press");
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(bruno, "/admin/people"));

        await ChangeAsync(press, "Press", "Chat", "Administer");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(bruno, "/admin/people"));
        await ChangeAsync(press, "Press", "Chat");

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(bruno, "/admin/people"));
    }

    [Fact]
    public async Task The_last_who_runs_the_server_keeps_that_through_whatever_role_they_have_it()
    {
        var operators = await MakeAsync("Operators", "Administer");
        using var bruno = await _server.InviteAsync("bruno@example.org", "Operators");
        var (ana, other) = (await PersonAsync("ana@example.org"), await PersonAsync("bruno@example.org"));
        await bruno.GetAsync(operators, Cancelled);
        await bruno.PostAsync(ana, Cancelled, ("_method", "PUT"), ("roleId", "01900000-0000-7000-8000-000000000012"));

        (string Path, (string, string)[] Fields)[] ways =
        [
            (operators, [("_method", "PUT"), ("Name", "Operators"), ("Grants", "Chat")]),
            (other, [("_method", "PUT"), ("roleId", "01900000-0000-7000-8000-000000000012")]),
            ($"{other}/suspension", []),
            ($"{other}/removal", []),
        ];
        foreach (var (path, fields) in ways)
        {
            using var answer = await bruno.TryPostAsync(path, Cancelled, fields);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            Assert.Contains("Nobody would be left to run this server", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        }

        using var removed = await bruno.TryPostAsync(operators, Cancelled, ("_method", "DELETE"));
        Assert.Contains("Somebody has this role", await removed.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(bruno, "/admin/people"));
    }

    [Theory]
    [InlineData(Admin, "PUT", "Grants", "Chat")]
    [InlineData(Admin, "DELETE", "Name", "x")]
    [InlineData(Member, "PUT", "Grants", "Administer")]
    [InlineData(Member, "DELETE", "Name", "x")]
    [InlineData(Reader, "PUT", "Grants", "7")]
    [InlineData(Reader, "DELETE", "Name", "x")]
    public async Task What_comes_along_stays_and_nobody_runs_the_server_without_somebodys_having_said_so(string role, string method, string field, string value)
    {
        var before = (await Ana.GetAsync("/admin/roles", Cancelled)).QuerySelector("#roles")!.InnerHtml;

        using var answer = await Ana.TryPostAsync(role, Cancelled, ("_method", method), (field, value));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(before, (await Ana.GetAsync("/admin/roles", Cancelled)).QuerySelector("#roles")!.InnerHtml);
    }

    [Fact]
    public async Task A_role_that_comes_along_keeps_its_name_and_can_permit_less_or_more()
    {
        using var rita = await _server.InviteAsync("rita@example.org", "Reads only");

        await Ana.PostAsync(Reader, Cancelled, ("_method", "PUT"), ("Name", "Guest"), ("Grants", "Chat"));

        Assert.Equal("Reads only", (await Ana.GetAsync("/admin/roles", Cancelled)).QuerySelector($"#roles a[href='{Reader}']")!.TextContent);
        await rita.PostAsync("/messages", Cancelled, ("Text", "Hello"), ("Model", Model));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(rita, "/account/tokens"));
    }

    [Fact]
    public async Task A_name_is_there_once_in_whatever_case_and_short_enough_to_be_read()
    {
        var press = await MakeAsync("Ópera");
        var editors = await MakeAsync("Editors");
        foreach (var name in (string[])["óPERA", " Ópera ", "MEMBER", "", "  ", new string('x', 41), "a\u0007b"])
        {
            using var made = await Ana.TryPostAsync("/admin/roles", Cancelled, ("Name", name));
            using var renamed = await Ana.TryPostAsync(editors, Cancelled, ("_method", "PUT"), ("Name", name));
            Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (made.StatusCode, renamed.StatusCode));
            Assert.Single((await Reading.PageAsync(made, Cancelled)).QuerySelectorAll("#role-form .field__error"));
        }

        await ChangeAsync(press, "óPERA", "Chat");
        await ChangeAsync(editors, new string('x', 40));
        Assert.Equal(["óPERA", new string('x', 40)], (await Ana.GetAsync("/admin/roles", Cancelled)).QuerySelectorAll("#roles a").Skip(3).Select(link => link.TextContent));
        await MakeAsync("Other", "8");
        Assert.Empty((await Ana.GetAsync("/admin/roles", Cancelled)).QuerySelectorAll("#roles li").Last().QuerySelectorAll(".badge"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(Ana, $"/admin/roles/{Guid.CreateVersion7()}"));
    }

    [Fact]
    public async Task A_role_goes_once_nobody_has_it_and_no_invitation_gives_it_and_each_act_is_written_down()
    {
        var press = await MakeAsync("Press", "Chat");
        await ChangeAsync(press, "Journal", "Chat", "Programs");
        await Ana.InviteAsync("carla@example.org", "Journal", Cancelled);
        using (var refused = await Ana.TryPostAsync(press, Cancelled, ("_method", "DELETE")))
        {
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        }

        var page = await Ana.GetAsync("/admin/people", Cancelled);
        await Ana.PostAsync(page.QuerySelector("button[formaction^='/admin/people/invitations/']")!.GetAttribute("formaction")!, Cancelled, ("_method", "DELETE"));
        await Ana.PostAsync(press, Cancelled, ("_method", "DELETE"));

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(Ana, press));
        var acts = (await Ana.GetAsync("/admin/audit", Cancelled)).QuerySelectorAll("#audit li").Select(act => LoginSite.Words(act.TextContent)).ToList();
        Assert.Contains(acts, act => act.StartsWith("Made a role Press: Chat Ana", StringComparison.Ordinal));
        Assert.Contains(acts, act => act.StartsWith($"Changed a role {press.Split('/')[^1]} Journal: Chat, Programs Ana", StringComparison.Ordinal));
        Assert.Contains(acts, act => act.StartsWith("Removed a role Journal Ana", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Webhooks_of_somebody_whose_role_has_lost_them_are_told_nothing()
    {
        var press = await MakeAsync("Press", "Chat", "Programs");
        using var bruno = await _server.InviteAsync("bruno@example.org", "Press");
        await WebhookTests.AddAsync(bruno, _receiver);
        await ChangeAsync(press, "Press", "Chat");
        await TurnAsync(bruno, "Untold");
        await ChangeAsync(press, "Press", "Chat", "Programs");

        await TurnAsync(bruno, "Told");

        var told = (await WebhookTests.ReceivedAsync(_receiver, 1)).Data.GetProperty("chatId").GetString()!;
        Assert.EndsWith(told, bruno.Path, StringComparison.Ordinal);
    }

    private async Task TurnAsync(Visitor visitor, string text)
    {
        _server.App.Upstream.Enqueue(new UpstreamReply { Text = "In the sun." });
        await visitor.PostAsync("/messages", Cancelled, ("Text", text), ("Model", Model));
        await visitor.WholeAsync(visitor.Path, 1, Cancelled);
    }

    private async Task<string> MakeAsync(string name, params string[] grants)
    {
        await Ana.PostAsync("/admin/roles", Cancelled, [("Name", name), .. grants.Select(grant => ("Grants", grant))]);
        return Ana.Path;
    }

    private Task ChangeAsync(string role, string name, params string[] grants) =>
        Ana.PostAsync(role, Cancelled, [("_method", "PUT"), ("Name", name), .. grants.Select(grant => ("Grants", grant))]);

    private async Task<string> PersonAsync(string email) => (await Ana.GetAsync($"/admin/people?q={email}", Cancelled)).QuerySelector("#people li a")!.GetAttribute("href")!;

    private static async Task<HttpStatusCode> StatusAsync(Visitor visitor, string path)
    {
        using var answer = await visitor.Http.GetAsync(path, Cancelled);
        return answer.StatusCode;
    }
}
