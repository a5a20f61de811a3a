using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Calango.Core;
using Calango.Core.Data;
using Calango.Core.Plugins;
using Calango.Plugins.Tests.LocalModels;
using Calango.Plugins.Tests.Mcp;
using Calango.Sdk;
using Calango.Tests.Support.S3;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging.Abstractions;

namespace Calango.Plugins.Tests.Plugins;

/// <summary>The built plugins as the kernel loads them: from their own folders, each in a context of its own.</summary>
public sealed class LoadedPluginTests(TinyLlama tinyLlama) : IClassFixture<TinyLlama>
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("anthropic", "[[say=1 tool=x re=1]] hm hello there")]
    [InlineData("openai-compatible", "[[say=1 tool=x]] hello there")]
    [InlineData("echo", "hello there")]
    public async Task A_built_plugin_answers_and_its_code_is_gone_after_it_is_stopped(string pluginId, string prompt)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        var data = Directory.CreateTempSubdirectory("calango-plugins-");
        try
        {
            await AssertGoneAsync(await UseAndStopAsync(
                pluginId, data.FullName, async generation => Assert.Equal("hello there", await AnswerAsync(generation, prompt, upstream))));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_plugin_of_local_models_chats_and_its_code_is_gone_after_it_is_stopped()
    {
        await using var cache = await tinyLlama.HostAsync();
        var data = Directory.CreateTempSubdirectory("calango-plugins-");
        try
        {
            Directory.CreateSymbolicLink(Path.Combine(data.FullName, "models"), cache.Models);
            var ofPlugins = Directory.CreateDirectory(Path.Combine(data.FullName, "plugins", "data"));
            Directory.CreateSymbolicLink(Path.Combine(ofPlugins.FullName, "local-models"), cache.Data);

            await AssertGoneAsync(await UseAndStopAsync("local-models", data.FullName, AskTinyLlamaTwiceAsync));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_plugin_of_tools_calculates_and_reads_and_its_code_is_gone_after_it_is_stopped()
    {
        var data = Directory.CreateTempSubdirectory("calango-plugins-");
        try
        {
            await AssertGoneAsync(await UseAndStopAsync("tools", data.FullName, UseToolsAsync));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task The_plugin_of_mcp_calls_real_servers_and_its_code_is_gone_after_it_is_stopped()
    {
        await using var servers = new McpServers();
        var overHttp = await servers.StartHttpAsync(TestEnd);
        var data = Directory.CreateTempSubdirectory("calango-plugins-");
        try
        {
            await AssertGoneAsync(await UseAndStopAsync("mcp", data.FullName, generation => UseMcpAsync(generation, McpServers.Everything(), overHttp)));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("disk-storage")]
    [InlineData("s3-storage")]
    public async Task A_plugin_of_storage_keeps_blobs_and_its_code_is_gone_after_it_is_stopped(string pluginId)
    {
        await using var server = await S3Server.StartAsync();
        var data = Directory.CreateTempSubdirectory("calango-plugins-");
        try
        {
            await AssertGoneAsync(await UseAndStopAsync(pluginId, data.FullName, generation => UseBlobsAsync(generation, new SettingsValues(server.Settings))));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static async Task UseBlobsAsync(PluginGeneration generation, SettingsValues settings)
    {
        var store = generation.BlobStore!;
        await store.PutAsync("a/b", new MemoryStream(new byte[20_000_000]), "text/plain", settings, TestEnd);
        await using (var opened = await store.OpenAsync("a/b", new BlobRange(5), settings, TestEnd))
        {
            await opened.Stream.CopyToAsync(Stream.Null, TestEnd);
        }

        Assert.Equal(["a/b"], (await store.ListAsync("", null, settings, TestEnd)).Keys);
        await Assert.ThrowsAsync<BlobException>(() => store.OpenAsync("none", null, settings, TestEnd));
        await store.DeleteAsync("a/b", settings, TestEnd);
    }

    private static async Task UseMcpAsync(PluginGeneration generation, params ToolServerSettings[] servers)
    {
        foreach (var server in servers)
        {
            Assert.NotEmpty(await generation.ToolSource!.ListAsync(server, TestEnd));
            Assert.Contains("hello", (await generation.ToolSource.InvokeAsync(server, new ToolCall("echo", """{"message":"hello"}"""), TestEnd)).Text, StringComparison.Ordinal);
            await Assert.ThrowsAsync<ProviderException>(() => generation.ToolSource.InvokeAsync(server, new ToolCall("none", "{}"), TestEnd));
        }
    }

    private static async Task UseToolsAsync(PluginGeneration generation)
    {
        await using var site = await ScriptedUpstream.StartAsync();
        var server = new ToolServerSettings(Guid.CreateVersion7(), Guid.CreateVersion7(), new SettingsValues(new Dictionary<string, string>()));
        var tools = generation.ToolSource!;
        Assert.Equal(3, (await tools.ListAsync(server, TestEnd)).Count);
        Assert.Equal("42", (await tools.InvokeAsync(server, new ToolCall("calculate", """{"expression":"6*7"}"""), TestEnd)).Text);
        Assert.Contains("UTC", (await tools.InvokeAsync(server, new ToolCall("date_and_time", "{}"), TestEnd)).Text, StringComparison.Ordinal);
        Assert.True((await tools.InvokeAsync(server, new ToolCall("fetch_web_page", $$"""{"url":"{{site.Address}}"}"""), TestEnd)).IsError);
        await Assert.ThrowsAsync<ProviderException>(() => tools.InvokeAsync(server, new ToolCall("none", "{}"), TestEnd));
        await tools.CloseAsync(server.Id);
    }

    private static async Task AssertGoneAsync(WeakReference code)
    {
        // Sockets that close in the background hold the code a little longer than the last collection would.
        for (var start = Stopwatch.GetTimestamp(); code.IsAlive && Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20); await Task.Yield())
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(code.IsAlive);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> UseAndStopAsync(string pluginId, string data, Func<PluginGeneration, Task> use)
    {
        var options = new CoreOptions { DataFolder = data, PluginsFolder = PluginsFolder(), LocalesFolder = data, Database = new DatabaseOptions() };
        var folder = Path.Combine(options.PluginsFolder, pluginId);
        await using var isolation = new IsolationServices(options, new Sandbox(options), NullLoggerFactory.Instance, TimeProvider.System);
        var loader = new PluginLoader(new ServerServices(options, NullLoggerFactory.Instance, TimeProvider.System), isolation, TimeSpan.FromSeconds(30));
        var generation = await loader.LoadAsync(folder, PluginManifest.Read(folder));
        var code = ContextOf(pluginId);
        await use(generation);
        await generation.StopAsync(TimeSpan.FromSeconds(10));
        return code;
    }

    private static async Task AskTinyLlamaTwiceAsync(PluginGeneration generation)
    {
        for (var time = 0; time < 2; time++)
        {
            await using var endpoint = await generation.LocalModels!.AcquireAsync(TinyLlama.Id, 512, TestEnd);
            using var client = new WorkerClient(endpoint);
            Assert.NotEmpty(WorkerClient.Text(await client.AskAsync(WorkerClient.Question("Say hello.", maxTokens: 4), TestEnd)));
        }
    }

    private static async Task<string> AnswerAsync(PluginGeneration generation, string prompt, ScriptedUpstream upstream)
    {
        var settings = new SettingsValues(new Dictionary<string, string>(StringComparer.Ordinal) { ["address"] = upstream.Address.ToString() });
        var provider = Assert.Single(generation.Providers);
        Assert.NotEmpty(await provider.ListModelsAsync(settings, TestEnd));
        ChatMessage[] messages = [new(ChatRole.User, prompt)];
        var tool = AIFunctionFactory.Create((string city) => city, "weather");
        return (await provider.Connect("fake", settings).GetResponseAsync(messages, new ChatOptions { Tools = [tool] }, TestEnd)).Text;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference ContextOf(string pluginId) =>
        new(AssemblyLoadContext.All.Single(context => context.Name?.StartsWith(pluginId + " ", StringComparison.Ordinal) == true));

    private static string PluginsFolder() => Assembly.GetExecutingAssembly().GetCustomAttributes<AssemblyMetadataAttribute>().Single(data => data.Key == "PluginsFolder").Value!;
}
