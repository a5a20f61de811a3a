using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;
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

        var code = await UseAndStopAsync(folder.Path, version);

        for (var round = 0; round < 50 && Array.Exists(code, context => context.IsAlive); round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await Task.Yield();
        }

        Assert.All(code, context => Assert.False(context.IsAlive));
    }

    // Not inlined: a local that the compiler keeps would hold what it once pointed at.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference[]> UseAndStopAsync(string plugins, string version)
    {
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var kernel = await TestKernel.StartAsync(plugins: plugins);
        var code = CodeOf(version);
        Assert.Equal(2, code.Length);
        var connections = kernel.Get<Connections>();
        var echo = await connections.AddAsync(new ConnectionInput("echo", "", "Echo", new Dictionary<string, string?>(), new TimeLimits()), CancellationToken.None);
        var service = await connections.AddAsync(Inputs.OpenAi(upstream.Address), CancellationToken.None);

        Assert.Equal("good morning", await AskAsync(kernel, new ModelRef(echo.Id, "echo"), "good morning"));
        Assert.StartsWith("w1 w2", await AskAsync(kernel, new ModelRef(service.Id, "fake"), "hi"), StringComparison.Ordinal);
        // Failures carry the code's traces: they must not hold it either.
        upstream.Enqueue(new UpstreamReply { Status = 500 });
        await Assert.ThrowsAsync<Sdk.ProviderException>(() => AskAsync(kernel, new ModelRef(service.Id, "fake"), "hi"));
        await Assert.ThrowsAsync<Sdk.ProviderException>(() => AskAsync(kernel, new ModelRef(echo.Id, "echo"), "/fail RateLimited"));
        foreach (var slot in kernel.Get<PluginHost>().Slots)
        {
            await slot.Exchange(null)!.StopAsync(TimeSpan.FromSeconds(10));
        }

        return code;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<string> AskAsync(TestKernel kernel, ModelRef model, string text)
    {
        await using var lease = await kernel.Get<ModelCatalog>().ConnectAsync(model, Inputs.Caller, CancellationToken.None);
        var answer = "";
        await foreach (var update in lease.Client.GetStreamingResponseAsync([new ChatMessage(ChatRole.User, text)]))
        {
            answer += update.Text;
        }

        return answer;
    }

    // The runtime's own list forgets a context when its unloading begins, not when it is gone.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] CodeOf(string version) =>
        [.. AssemblyLoadContext.All.Where(context => context.Name?.EndsWith(' ' + version) == true).Select(context => new WeakReference(context, trackResurrection: true))];
}
