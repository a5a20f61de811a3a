using System.Text;
using Calango.Core.Models;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Core.Tests.Models;

public sealed class ConnectionsTests
{
    private const string Secret = "sk-very-secret-0123456789";
    private static readonly CancellationToken None = CancellationToken.None;

    [EachDatabase]
    public async Task A_connection_is_stored_changed_and_removed(DatabaseKind database)
    {
        await using var kernel = await TestKernel.StartAsync(database);
        var connections = kernel.Get<Connections>();
        var first = await connections.AddAsync(Inputs.OpenAi(new Uri("https://one.example/v1"), name: " One "), None);
        var second = await connections.AddAsync(Inputs.OpenAi(new Uri("https://two.example/v1")) with { Limits = new TimeLimits(5, 6, 7) }, None);

        Assert.Equal([first.Id, second.Id], (await connections.ListAsync(None)).Select(connection => connection.Id));
        var stored = await connections.FindAsync(second.Id, None);
        Assert.Equal(new TimeLimits(5, 6, 7), stored!.Limits);
        Assert.Equal("https://two.example/v1", stored.Settings["address"]);

        await connections.UpdateAsync(first.Id, Inputs.OpenAi(new Uri("https://one.example/v1"), name: "Uno"), None);
        Assert.Equal("Uno", (await connections.FindAsync(first.Id, None))!.Name);

        await connections.RemoveAsync(first.Id, None);
        await connections.RemoveAsync(first.Id, None);
        Assert.Equal([second.Id], (await connections.ListAsync(None)).Select(connection => connection.Id));
    }

    [Fact]
    public async Task A_secret_can_be_read_neither_in_the_database_nor_in_a_log()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        upstream.Key = Secret;
        await using var kernel = await TestKernel.StartAsync();
        var connections = kernel.Get<Connections>();
        var connection = await connections.AddAsync(Inputs.OpenAi(upstream.Address, Secret), None);
        await kernel.Get<ModelCatalog>().RefreshAsync(null, None);

        // It was used, so it can be read by the one who must.
        Assert.Contains(upstream.AllRequests, request => request.Headers.Any(header => header.Value.Contains(Secret, StringComparison.Ordinal)));
        Assert.True(connections.HasSecret(connection, "apiKey"));
        var folder = Path.GetDirectoryName(kernel.DatabaseFile)!;
        foreach (var file in Directory.GetFiles(folder).Where(file => !file.EndsWith(".lock", StringComparison.Ordinal)).Concat(Directory.GetFiles(kernel.Folder, "*", SearchOption.AllDirectories)))
        {
            Assert.DoesNotContain(Secret, Encoding.UTF8.GetString(await ReadSharedAsync(file)), StringComparison.Ordinal);
        }

        Assert.DoesNotContain(Secret, kernel.Log.Text, StringComparison.Ordinal);
        Assert.Contains("openai-compatible", Encoding.UTF8.GetString(await ReadSharedAsync(kernel.DatabaseFile)) + await ReadWalAsync(kernel), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_stays_when_the_name_changes_and_goes_when_the_address_does()
    {
        await using var kernel = await TestKernel.StartAsync();
        var connections = kernel.Get<Connections>();
        var id = (await connections.AddAsync(Inputs.OpenAi(new Uri("https://one.example/v1"), Secret), None)).Id;

        await connections.UpdateAsync(id, Inputs.OpenAi(new Uri("https://one.example/v1"), name: "Renamed"), None);
        Assert.True(connections.HasSecret((await connections.FindAsync(id, None))!, "apiKey"));

        await connections.UpdateAsync(id, Inputs.OpenAi(new Uri("https://evil.example/v1")), None);
        Assert.False(connections.HasSecret((await connections.FindAsync(id, None))!, "apiKey"));
    }

    [Fact]
    public async Task A_stored_secret_is_never_sent_to_another_address_by_a_test()
    {
        await using var home = await ScriptedUpstream.StartAsync();
        await using var stranger = await ScriptedUpstream.StartAsync();
        home.Key = Secret;
        await using var kernel = await TestKernel.StartAsync();
        var connections = kernel.Get<Connections>();
        var id = (await connections.AddAsync(Inputs.OpenAi(home.Address, Secret), None)).Id;

        Assert.True((await connections.TestAsync(id, Inputs.OpenAi(home.Address), None)).Ok);
        await connections.TestAsync(id, Inputs.OpenAi(stranger.Address), None);

        Assert.NotEmpty(stranger.AllRequests);
        Assert.DoesNotContain(stranger.AllRequests, request => request.Headers.Any(header => header.Value.Contains(Secret, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_test_says_exactly_what_is_wrong()
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var kernel = await TestKernel.StartAsync();
        var connections = kernel.Get<Connections>();
        upstream.Models = ["one", "two"];
        Assert.Equal(["one", "two"], (await connections.TestAsync(null, Inputs.OpenAi(upstream.Address), None)).Models.Select(model => model.Id));

        upstream.Key = Secret;
        var refused = (await connections.TestAsync(null, Inputs.OpenAi(upstream.Address, "wrong"), None)).Failure;
        Assert.Equal("provider.unauthorized", refused?.Code);
        Assert.Equal(upstream.Address.Authority, refused?.Arguments["host"]);
        Assert.Equal("provider.hostNotFound", await CodeOfAsync(new Uri("http://no-such-host.invalid/v1")));
        Assert.Equal("provider.unreachable", await CodeOfAsync(new Uri("http://127.0.0.1:1/v1")));

        async Task<string?> CodeOfAsync(Uri address) => (await connections.TestAsync(null, Inputs.OpenAi(address), None)).Failure?.Code;
    }

    [Theory]
    [InlineData("address", "", "ok")]
    [InlineData("address", "localhost:1234", "address")]
    [InlineData("address", "ftp://one.example/v1", "address")]
    [InlineData("address", "https://user:word@one.example/v1", "address")]
    [InlineData("apiKey", "line\nbreak", "characters")]
    [InlineData("name", "", "required")]
    [InlineData("adress", "https://misspelled.example/v1", "unknown")]
    public async Task A_value_that_cannot_work_is_refused_by_field(string field, string value, string code)
    {
        await using var kernel = await TestKernel.StartAsync();
        var input = Inputs.OpenAi(new Uri("https://one.example/v1"));
        input = field == "name" ? input with { Name = value } : input with { Values = new Dictionary<string, string?>(input.Values) { [field] = value } };
        if (code == "ok")
        {
            Assert.NotNull(await kernel.Get<Connections>().AddAsync(input, None));
            return;
        }

        var refused = await Assert.ThrowsAsync<InvalidInputException>(() => kernel.Get<Connections>().AddAsync(input, None));
        Assert.Equal(code, Assert.Single(refused.Fields, error => error.Key == field).Value);
    }

    [Fact]
    public async Task A_limit_out_of_range_and_an_unknown_provider_are_refused()
    {
        await using var kernel = await TestKernel.StartAsync();
        var input = Inputs.OpenAi(new Uri("https://one.example/v1"));
        var limits = await Assert.ThrowsAsync<InvalidInputException>(
            () => kernel.Get<Connections>().AddAsync(input with { Limits = new TimeLimits(FirstTokenSeconds: 0) }, None));
        Assert.Equal("range", limits.Fields["firstTokenSeconds"]);
        var provider = await Assert.ThrowsAsync<InvalidInputException>(() => kernel.Get<Connections>().AddAsync(input with { ProviderId = "nobody" }, None));
        Assert.Equal("provider", provider.Fields["providerId"]);
    }

    private static async Task<byte[]> ReadSharedAsync(string path)
    {
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var copy = new MemoryStream();
        await file.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static async Task<string> ReadWalAsync(TestKernel kernel) =>
        File.Exists(kernel.DatabaseFile + "-wal") ? Encoding.UTF8.GetString(await ReadSharedAsync(kernel.DatabaseFile + "-wal")) : "";
}
