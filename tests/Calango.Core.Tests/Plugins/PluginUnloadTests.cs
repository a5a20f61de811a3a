using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Calango.Core.Models;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.AI;

namespace Calango.Core.Tests.Plugins;

public sealed class PluginUnloadTests
{
    [Fact]
    public async Task The_code_of_a_stopped_plugin_leaves_the_memory_after_real_use()
    {
        using var folder = new PluginsFolder();
        var version = $"1.0.{Environment.ProcessId}";
        folder.CopyBuilt("echo", version);
        folder.CopyBuilt("openai-compatible", version);

        await UseAndStopAsync(folder.Path, version);

        for (var round = 0; round < 50 && Alive(version).Length > 0; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.Empty(Alive(version));
    }

    // Not inlined: a local that the compiler keeps would hold what it once pointed at.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task UseAndStopAsync(string plugins, string version)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var kernel = await TestKernel.StartAsync(plugins: plugins);
        Assert.Equal(2, Alive(version).Length);
        var connections = kernel.Get<Connections>();
        var echo = await connections.AddAsync(new ConnectionInput("echo", "", "Echo", new Dictionary<string, string?>(), new TimeLimits()), CancellationToken.None);
        var service = await connections.AddAsync(Inputs.OpenAi(upstream.Address), CancellationToken.None);

        Assert.Equal("good morning", await AskAsync(kernel, new ModelRef(echo.Id, "echo"), "good morning"));
        Assert.StartsWith("w1 w2", await AskAsync(kernel, new ModelRef(service.Id, "fake"), "hi"), StringComparison.Ordinal);
        // Failures carry the code's traces: they must not hold it either.
        upstream.Enqueue(new UpstreamReply { Status = 500 });
        await Assert.ThrowsAsync<Sdk.ProviderException>(() => AskAsync(kernel, new ModelRef(service.Id, "fake"), "hi"));
        await Assert.ThrowsAsync<Sdk.ProviderException>(() => AskAsync(kernel, new ModelRef(echo.Id, "echo"), "/fail RateLimited"));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<string> AskAsync(TestKernel kernel, ModelRef model, string text)
    {
        await using var lease = await kernel.Get<ModelCatalog>().ConnectAsync(model, CancellationToken.None);
        var answer = "";
        await foreach (var update in lease.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, text)]))
        {
            answer += update.Text;
        }

        return answer;
    }

    private static string[] Alive(string version) => [.. AssemblyLoadContext.All.Select(context => context.Name ?? "").Where(name => name.EndsWith(' ' + version))];
}
