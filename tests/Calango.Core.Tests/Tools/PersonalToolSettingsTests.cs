using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Core.Tools;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.Tools;

/// <summary>Two people and one real server of the Model Context Protocol, each with a token of their own.</summary>
public sealed class PersonalToolSettingsTests : IAsyncLifetime
{
    private const string OfAna = "canary-of-ana", OfBeto = "canary-of-beto", Shared = "canary-of-everybody";

    private static readonly Guid Ana = Guid.CreateVersion7(), Beto = Guid.CreateVersion7();

    private McpGateway _gateway = null!;
    private TestKernel _kernel = null!;

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    private ToolCatalog Catalog => _kernel.Get<ToolCatalog>();

    private ToolServers Servers => _kernel.Get<ToolServers>();

    private PersonalToolSettings Personal => _kernel.Get<PersonalToolSettings>();

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(McpGateway.IsInstalled, "The servers are not installed; ./calango test does it.");
        _gateway = await McpGateway.StartAsync(OfAna, OfBeto, Shared);
    }

    public async ValueTask DisposeAsync()
    {
        await (_kernel?.DisposeAsync() ?? ValueTask.CompletedTask);
        await (_gateway?.DisposeAsync() ?? ValueTask.CompletedTask);
    }

    [EachDatabase]
    public async Task Each_uses_the_server_with_their_own_token_in_a_session_of_their_own(DatabaseKind kind)
    {
        var server = await StartAsync(kind, ToolFields.Own);
        Assert.Equal("toolServer.lacksYours", (await ListAsync(Ana, server)).Failure!.Code);
        Assert.Empty(_gateway.Requests);

        await EnterAsync(Ana, server, OfAna);
        var offered = await ListAsync(Ana, server);
        Assert.NotEmpty(offered.Tools);
        Assert.True((await ListAsync(Beto, server)).LacksYours);
        var sum = offered.Tools.Single(tool => tool.Info.Name == "get-sum");
        await Assert.ThrowsAsync<ProviderException>(() => SumAsync(Beto, sum));
        Assert.Equal([OfAna], _gateway.Tokens);

        await EnterAsync(Beto, server, OfBeto);
        var sums = await Task.WhenAll(Enumerable.Range(0, 20).Select(number => SumAsync(number % 2 == 0 ? Ana : Beto, sum)));
        Assert.All(sums, result => Assert.Contains("42", result.Text, StringComparison.Ordinal));
        // The gate answers 403 where one's session is used with another's token.
        Assert.Single(_gateway.SessionsOf(OfAna));
        Assert.Single(_gateway.SessionsOf(OfBeto));
        Assert.Equal([OfAna, OfBeto], _gateway.Tokens.Order());
    }

    [EachDatabase]
    public async Task A_token_goes_to_no_other_address_than_the_one_it_was_entered_for(DatabaseKind kind)
    {
        await using var elsewhere = await McpGateway.StartAsync(OfAna, OfBeto, Shared);
        var server = await StartAsync(kind, ToolFields.Own);
        await EnterAsync(Ana, server, OfAna);
        var seen = await Personal.FindAsync(Ana, server, TestEnd);
        Assert.Equal(_gateway.Address.Authority, seen.Host);
        var sum = (await ListAsync(Ana, server)).Tools.Single(tool => tool.Info.Name == "get-sum");

        await Servers.UpdateAsync(server, Input(elsewhere.Address, ToolFields.Own), TestEnd);

        Assert.True((await ListAsync(Ana, server)).LacksYours);
        await Assert.ThrowsAsync<ProviderException>(() => SumAsync(Ana, sum));
        Assert.Empty((await RowsAsync()).Single().ProtectedSecrets);
        var moved = await Assert.ThrowsAsync<RejectedException>(() => Personal.SaveAsync(Ana, server, new PersonalInput(seen.Place, Token(OfAna)), TestEnd));
        Assert.Equal("tools.moved", moved.Code);
        Assert.Equal(elsewhere.Address.Authority, (await Personal.FindAsync(Ana, server, TestEnd)).Host);
        Assert.DoesNotContain(OfAna, elsewhere.Tokens);

        await Servers.UpdateAsync(server, Input(_gateway.Address, ToolFields.Own), TestEnd);
        Assert.True((await ListAsync(Ana, server)).LacksYours);
    }

    [EachDatabase]
    public async Task One_that_was_stored_for_another_address_or_person_is_worth_nothing(DatabaseKind kind)
    {
        var server = await StartAsync(kind, ToolFields.Own);
        await EnterAsync(Ana, server, OfAna);
        await EnterAsync(Beto, server, OfBeto);
        var stolen = (await RowsAsync()).Single(row => row.AccountId == Ana).ProtectedSecrets;
        Assert.DoesNotContain("canary", stolen["token"], StringComparison.Ordinal);

        // As somebody with the database and without the keys would.
        await _kernel.Get<Database>().WriteAsync(
            db => db.Set<PersonalSettings>().Where(row => row.AccountId == Beto).ExecuteUpdateAsync(set => set.SetProperty(row => row.ProtectedSecrets, stolen), TestEnd), TestEnd);
        Assert.Equal("toolServer.invalidSettings", (await ListAsync(Beto, server)).Failure!.Code);

        await _kernel.Get<Database>().WriteAsync(
            db => db.Set<PersonalSettings>().Where(row => row.AccountId == Ana).ExecuteUpdateAsync(set => set.SetProperty(row => row.Place, "elsewhere"), TestEnd), TestEnd);
        Assert.True((await ListAsync(Ana, server)).LacksYours);
        Assert.Empty(_gateway.Requests);
    }

    [EachDatabase]
    public async Task The_administrators_token_is_used_only_where_they_say_so(DatabaseKind kind)
    {
        var server = await StartAsync(kind, ToolFields.Own);
        await EnterAsync(Ana, server, OfAna);
        Assert.True((await ListAsync(Beto, server)).LacksYours);

        await Servers.UpdateAsync(server, Input(_gateway.Address, ToolFields.OwnFirst), TestEnd);
        Assert.NotEmpty((await ListAsync(Ana, server)).Tools);
        Assert.NotEmpty((await ListAsync(Beto, server)).Tools);
        Assert.Equal([OfAna, Shared], _gateway.Tokens.Order());

        await Servers.UpdateAsync(server, Input(_gateway.Address, ToolFields.Everybody), TestEnd);
        var asked = AskedWith(OfAna);
        Assert.NotEmpty((await ListAsync(Ana, server)).Tools);
        Assert.Equal(asked, AskedWith(OfAna));
        await Assert.ThrowsAsync<NotFoundException>(() => Personal.FindAsync(Ana, server, TestEnd));

        // What takes leave of a session from before comes with its token, too.
        int AskedWith(string token) => _gateway.Requests.Count(request => request.Token == token && request.Method != "DELETE");
    }

    [EachDatabase]
    public async Task What_is_forgotten_or_replaced_ends_ones_own_session_and_goes_with_the_server(DatabaseKind kind)
    {
        var server = await StartAsync(kind, ToolFields.Own);
        await EnterAsync(Ana, server, OfAna);
        await EnterAsync(Beto, server, OfBeto);
        var sum = (await ListAsync(Ana, server)).Tools.Single(tool => tool.Info.Name == "get-sum");
        await SumAsync(Beto, sum);

        await Personal.RemoveAsync(Ana, server, TestEnd);
        Assert.Contains(_gateway.Requests, request => request is { Method: "DELETE", Token: OfAna });
        await Assert.ThrowsAsync<ProviderException>(() => SumAsync(Ana, sum));
        await SumAsync(Beto, sum);
        Assert.Single(_gateway.SessionsOf(OfBeto));

        // Without an entry the stored one stays, and an unknown one is told as the server says it.
        await EnterAsync(Beto, server, null);
        Assert.NotEmpty((await ListAsync(Beto, server)).Tools);
        await EnterAsync(Beto, server, "canary-unknown");
        Assert.Equal("provider.unauthorized", (await ListAsync(Beto, server)).Failure!.Code);

        await Servers.RemoveAsync(server, TestEnd);
        Assert.Empty(await RowsAsync());
        Assert.DoesNotContain("canary", _kernel.Log.Text, StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task A_trial_stores_nothing_and_leaves_the_session_in_use_alone(DatabaseKind kind)
    {
        var server = await StartAsync(kind, ToolFields.Own);
        await EnterAsync(Ana, server, OfAna);
        await ListAsync(Ana, server);
        var asked = await Personal.FindAsync(Ana, server, TestEnd);

        Assert.NotEmpty((await Catalog.TryAsync(asked, new PersonalInput(asked.Place, Token(OfBeto)), TestEnd)).Tools);
        Assert.Equal("provider.unauthorized", (await Catalog.TryAsync(asked, new PersonalInput(asked.Place, Token("canary-unknown")), TestEnd)).Failure!.Code);
        Assert.NotEmpty((await Catalog.TryAsync(asked, new PersonalInput(asked.Place, Token(null)), TestEnd)).Tools);
        await Assert.ThrowsAsync<InvalidInputException>(() => Catalog.TryAsync(asked, new PersonalInput(asked.Place, Token("two\nlines")), TestEnd));

        await ListAsync(Ana, server);
        Assert.Equal(2, _gateway.SessionsOf(OfAna).Count);
        Assert.Contains(_gateway.Requests, request => request is { Method: "DELETE", Token: OfBeto });
    }

    [Fact]
    public async Task Isolated_too_each_has_a_session_of_their_own_and_opens_no_address_by_what_they_enter()
    {
        _kernel = await TestKernel.StartAsync(isolates: true);
        Assert.SkipWhen(_kernel.Get<Sandbox>().Refusal is not null, "No plugin can be isolated on this machine.");
        var folder = Path.Combine(TestFolders.Plugins, "mcp");
        await _kernel.Get<PluginHost>().ActivateAsync(folder, PluginManifest.Read(folder), isIsolated: true, _ => { }, TestEnd);
        var server = await AddAsync(ToolFields.Own);
        await EnterAsync(Ana, server, OfAna);
        await EnterAsync(Beto, server, OfBeto);

        var sum = (await ListAsync(Ana, server)).Tools.Single(tool => tool.Info.Name == "get-sum");
        Assert.Contains("42", (await SumAsync(Beto, sum)).Text, StringComparison.Ordinal);
        Assert.Single(_gateway.SessionsOf(OfAna));
        Assert.Single(_gateway.SessionsOf(OfBeto));

        await Personal.RemoveAsync(Ana, server, TestEnd);
        await Eventually.HoldsAsync("her session ends", () => Task.FromResult(_gateway.Requests.Any(request => request is { Method: "DELETE", Token: OfAna })), TestEnd);
        Assert.DoesNotContain(_gateway.Requests, request => request is { Method: "DELETE", Token: OfBeto });
    }

    [EachDatabase]
    public async Task The_clock_tells_each_the_time_where_they_are(DatabaseKind kind)
    {
        await StartAsync(kind, ToolFields.Own);
        var tools = (await Servers.ListAsync(TestEnd)).Single(server => server.PluginId == "tools");
        var asked = await Personal.FindAsync(Ana, tools.Id, TestEnd);
        Assert.False(asked.Lacks);

        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => Personal.SaveAsync(Ana, tools.Id, new PersonalInput(asked.Place, new Dictionary<string, string?> { ["timeZone"] = "Atlantis", ["pageLength"] = "9" }), TestEnd));
        Assert.Equal("choice", refused.Fields["timeZone"]);
        Assert.Equal("unknown", refused.Fields["pageLength"]);
        await Personal.SaveAsync(Ana, tools.Id, new PersonalInput(asked.Place, new Dictionary<string, string?> { ["timeZone"] = "America/Recife" }), TestEnd);

        Assert.Contains("09:00:00-03:00", await ClockAsync(Ana), StringComparison.Ordinal);
        Assert.Contains("12:00:00+00:00", await ClockAsync(Beto), StringComparison.Ordinal);

        async Task<string> ClockAsync(Guid account)
        {
            var clock = (await ListAsync(account, tools.Id)).Tools.Single(tool => tool.Info.Name == "date_and_time");
            return (await Catalog.InvokeAsync(clock, """{"moment":"2026-03-01T12:00:00Z"}""", Guid.CreateVersion7(), account, TestEnd)).Text;
        }
    }

    private async Task<Guid> StartAsync(DatabaseKind kind, string whose)
    {
        _kernel = await TestKernel.StartAsync(kind);
        return await AddAsync(whose);
    }

    private async Task<Guid> AddAsync(string whose)
    {
        await _kernel.Get<Database>().WriteAsync(async db =>
        {
            db.AddRange(new Account { Id = Ana }, new Account { Id = Beto });
            await db.SaveChangesAsync(TestEnd);
        }, TestEnd);
        return await Servers.AddAsync("mcp", Input(_gateway.Address, whose), TestEnd);
    }

    private static ToolServerInput Input(Uri address, string whose) => new("Everything", IsOn: true, new Dictionary<string, string?>
    {
        ["transport"] = "http", ["address"] = address.ToString(), ["token"] = Shared, ["token-of"] = whose,
    });

    private static Dictionary<string, string?> Token(string? token) => new() { ["token"] = token };

    private async Task EnterAsync(Guid account, Guid server, string? token) =>
        await Personal.SaveAsync(account, server, new PersonalInput((await Personal.FindAsync(account, server, TestEnd)).Place, Token(token)), TestEnd);

    private async Task<ToolListing> ListAsync(Guid account, Guid server) => (await Catalog.ListAsync(account, TestEnd)).Single(listing => listing.Server.Id == server);

    private Task<ToolResult> SumAsync(Guid account, CatalogTool sum) => Catalog.InvokeAsync(sum, """{"a":20,"b":22}""", Guid.CreateVersion7(), account, TestEnd);

    private Task<List<PersonalSettings>> RowsAsync() => _kernel.Get<Database>().ReadAsync(db => db.Set<PersonalSettings>().ToListAsync(TestEnd), TestEnd);
}
