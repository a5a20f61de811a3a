using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Tests.CountingDouble;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.AI;

namespace Calango.Core.Tests.Plugins;

public sealed class PluginCrashTests
{
    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("thread", "System.InvalidOperationException")]
    [InlineData("void", "System.NotSupportedException")]
    public async Task What_a_plugin_lets_escape_where_nobody_can_catch_it_marks_the_plugin_and_leaves_the_server_up(string where, string exceptionType)
    {
        using var folder = new PluginsFolder();
        folder.AddCounting("1.0.0");
        await using var kernel = await TestKernel.StartAsync(plugins: folder.Path);
        var host = kernel.Get<PluginHost>();

        Assert.Equal("v1.0.0/0", await AskAsync(host, $"throw {where}"));

        await Eventually.HoldsAsync("it is told", () => Task.FromResult(kernel.Log.Text.Contains($"The plugin counting let {exceptionType} escape", StringComparison.Ordinal)), TestEnd);
        var error = host.Plugins.Single().LastError!;
        Assert.Equal((exceptionType, true), (error.What, error.Kind == PluginErrorKind.Unhandled));
        Assert.Equal("v1.0.0/0", await AskAsync(host, "hello"));
    }

    [Fact]
    public void What_comes_from_no_plugin_is_not_taken_for_handled()
    {
        var thrown = Assert.Throws<InvalidOperationException>(Throw);

        Assert.False(PluginCrashes.TryBlame(thrown));
        Assert.False(PluginCrashes.TryBlame(new AggregateException(thrown)));
    }

    private static void Throw() => throw new InvalidOperationException();

    private static async Task<string> AskAsync(PluginHost host, string text)
    {
        using var lease = host.LeaseProvider(CountingProvider.ProviderId)!;
        var client = lease.Provider(CountingProvider.ProviderId).Connect(CountingProvider.ModelId, new SettingsValues(new Dictionary<string, string>()));
        return (await client.GetResponseAsync([new ChatMessage(ChatRole.User, text)], cancellationToken: TestEnd)).Text;
    }
}
