using System.Diagnostics;
using System.Globalization;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;

namespace Calango.Plugins.Tests.Mcp;

public sealed class McpToolsTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Tools_that_become_more_are_listed_once_the_server_says_so()
    {
        await using var servers = new McpServers();
        var server = McpServers.Growing();
        Assert.Equal(3, (await servers.Tools.ListAsync(server, TestEnd)).Count);

        await servers.Tools.InvokeAsync(server, new ToolCall("grow", "{}"), TestEnd);

        await Eventually.HoldsAsync("it is listed", async () => (await servers.Tools.ListAsync(server, TestEnd)).Any(tool => tool.Name == "leaf_1"), TestEnd);
        Assert.Equal("leaf_1", (await servers.Tools.InvokeAsync(server, new ToolCall("leaf_1", "{}"), TestEnd)).Text);
    }

    [Fact]
    public async Task Whatever_a_server_says_of_a_tool_it_is_none_that_runs_without_a_word()
    {
        await using var servers = new McpServers();

        var tools = await servers.Tools.ListAsync(McpServers.Growing(), TestEnd);

        Assert.Equal(ToolEffect.ReadOnly, tools.Single(tool => tool.Name == "process").Effect);
        Assert.DoesNotContain(tools, tool => tool.Effect == ToolEffect.Pure);
    }

    [Fact]
    public async Task A_server_that_died_in_a_call_fails_the_call_and_serves_the_next()
    {
        await using var servers = new McpServers();
        var server = McpServers.Growing();
        var first = await ProcessAsync(servers, server);

        await Assert.ThrowsAsync<ProviderException>(() => servers.Tools.InvokeAsync(server, new ToolCall("die", "{}"), TestEnd).WaitAsync(TimeSpan.FromSeconds(10), TestEnd));

        Assert.NotEqual(first, await ProcessAsync(servers, server));
    }

    [Fact]
    public async Task Other_settings_are_another_process_and_closing_ends_it()
    {
        await using var servers = new McpServers();
        var server = McpServers.Growing();
        var first = await ProcessAsync(servers, server);
        Assert.Equal(first, await ProcessAsync(servers, server));

        var second = await ProcessAsync(servers, server with { Version = Guid.CreateVersion7() });
        Assert.NotEqual(first, second);
        Assert.True(IsGone(first));
        await servers.Tools.CloseAsync(server.Id);
        Assert.True(IsGone(second));
    }

    [Fact]
    public async Task Each_person_has_a_connection_of_their_own_that_ends_by_itself_when_nobody_uses_it()
    {
        await using var servers = new McpServers();
        var server = McpServers.Growing();
        var (ana, beto) = (server with { Person = Guid.CreateVersion7() }, server with { Person = Guid.CreateVersion7() });
        int[] processes = [await ProcessAsync(servers, server), await ProcessAsync(servers, ana), await ProcessAsync(servers, beto)];
        Assert.Equal(3, processes.Distinct().Count());
        await servers.Tools.InvokeAsync(ana, new ToolCall("grow", "{}"), TestEnd);
        await Eventually.HoldsAsync("it is listed", async () => (await servers.Tools.ListAsync(ana, TestEnd)).Count == 4, TestEnd);
        Assert.Equal(3, (await servers.Tools.ListAsync(beto, TestEnd)).Count);

        servers.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(processes[2], await ProcessAsync(servers, beto));
        servers.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(processes[2], await ProcessAsync(servers, beto));
        await Eventually.HoldsAsync("hers has ended", () => Task.FromResult(IsGone(processes[1])), TestEnd);
        Assert.NotEqual(processes[1], await ProcessAsync(servers, ana));
        Assert.Equal(processes[0], await ProcessAsync(servers, server));

        await servers.Tools.CloseAsync(server.Id);
        Assert.True(IsGone(processes[0]) && IsGone(processes[2]));
    }

    [Fact]
    public async Task A_program_gets_its_own_variables_and_nothing_else_of_ours()
    {
        Environment.SetEnvironmentVariable("CALANGO_TEST_CANARY", "canary-of-the-host");
        await using var servers = new McpServers();

        var said = (await servers.Tools.InvokeAsync(McpServers.Everything(("environment", "KEY=\"two words\" OTHER=x")), new ToolCall("get-env", "{}"), TestEnd)).Text;

        Assert.Contains("two words", said, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task F06_Arguments_are_words_and_never_a_shells()
    {
        await using var servers = new McpServers();
        var mark = Path.Combine(Path.GetTempPath(), $"calango-{Guid.CreateVersion7():N}");

        await Assert.ThrowsAsync<ProviderException>(() => servers.Tools.ListAsync(
            McpServers.Of(("transport", "stdio"), ("command", "node"), ("arguments", $"--version ; touch {mark} && touch {mark} `touch {mark}` $(touch {mark})")), TestEnd));

        Assert.False(File.Exists(mark));
    }

    [Theory]
    [InlineData(ProviderErrorKind.InvalidSettings, "transport=http")]
    [InlineData(ProviderErrorKind.InvalidSettings, "transport=stdio")]
    [InlineData(ProviderErrorKind.InvalidSettings, "transport=stdio|command=no-such-program-here")]
    [InlineData(ProviderErrorKind.InvalidSettings, "transport=stdio|command=node|arguments=\"open")]
    [InlineData(ProviderErrorKind.InvalidSettings, "transport=stdio|command=node|environment=nonsense")]
    [InlineData(ProviderErrorKind.LocalModelUnavailable, "transport=stdio|command=node|arguments=no-such-file.mjs")]
    [InlineData(ProviderErrorKind.Unreachable, "transport=http|address=http://127.0.0.1:1/mcp")]
    [InlineData(ProviderErrorKind.HostNotFound, "transport=http|address=http://no-such-host.invalid/mcp")]
    public async Task What_is_wrong_with_a_server_has_its_kind(ProviderErrorKind kind, string settings)
    {
        await using var servers = new McpServers();
        var values = settings.Split('|').Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], pair[1])).ToArray();

        var failure = await Assert.ThrowsAsync<ProviderException>(() => servers.Tools.ListAsync(McpServers.Of(values), TestEnd));

        Assert.Equal(kind, failure.Kind);
    }

    [Theory]
    [InlineData(401, ProviderErrorKind.Unauthorized)]
    [InlineData(403, ProviderErrorKind.Forbidden)]
    [InlineData(404, ProviderErrorKind.EndpointNotFound)]
    [InlineData(500, ProviderErrorKind.ServiceFailed)]
    public async Task What_a_server_over_http_answers_has_its_kind_and_it_gets_the_token(int status, ProviderErrorKind kind)
    {
        await using var servers = new McpServers();
        await using var service = await ScriptedUpstream.StartAsync();
        service.Answer("/mcp", "no", "text/plain", status);
        var server = McpServers.Of(("transport", "http"), ("address", $"http://{service.Address.Authority}/mcp"), ("token", "secret-canary"));

        var failure = await Assert.ThrowsAsync<ProviderException>(() => servers.Tools.ListAsync(server, TestEnd));

        Assert.Equal(kind, failure.Kind);
        Assert.DoesNotContain("canary", failure.ToString() + failure.ServiceMessage, StringComparison.Ordinal);
        Assert.Equal("Bearer secret-canary", service.AllRequests[0].Headers["Authorization"]);
    }

    private static async Task<int> ProcessAsync(McpServers servers, ToolServerSettings server) =>
        int.Parse((await servers.Tools.InvokeAsync(server, new ToolCall("process", "{}"), TestEnd)).Text, CultureInfo.InvariantCulture);

    private static bool IsGone(int processId)
    {
        try
        {
            return Process.GetProcessById(processId).HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
