using Calango.Core;
using Calango.Core.Data;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.Extensions.Logging.Abstractions;

namespace Calango.Plugins.Tests.OpenAiCompatible;

/// <summary>The same of models that a process of its own reaches, as one that nobody trusts.</summary>
public sealed class IsolatedRerankerTests : RerankerConformance, IAsyncLifetime
{
    private const string Id = "openai-compatible";

    private readonly PluginsFolder _plugins = new();
    private readonly string _data = TestFolders.NewTemporary("isolated-reranker");
    private ScriptedUpstream _upstream = null!;
    private ScriptedUpstream _silent = null!;
    private IsolationServices _services = null!;
    private IsolatedCode? _code;

    protected override IReranker Reranker => new RemoteReranker(_code!, Id);

    protected override string ModelId => "bge-reranker-v2-m3";

    protected override SettingsValues Settings => At(_upstream);

    public async ValueTask InitializeAsync()
    {
        (_upstream, _silent) = (await ScriptedUpstream.StartAsync(), await ScriptedUpstream.StartAsync());
        _upstream.Models = ["fake", ModelId];
        _silent.Hold("/v1/rerank");
        var options = new CoreOptions { DataFolder = _data, PluginsFolder = _plugins.Path, PluginProcessFolder = TestFolders.PluginProcess, LocalesFolder = _data, Database = new DatabaseOptions() };
        _services = new IsolationServices(options, new Sandbox(options), NullLoggerFactory.Instance, TimeProvider.System);
        Assert.SkipWhen(_services.Sandbox.Refusal is not null, $"No plugin can be isolated here: {_services.Sandbox.Refusal}");
        var folder = _plugins.CopyBuilt(Id, "1.0.0");
        Directory.CreateDirectory(new StoreFolders(_data).DataOf(Id));
        _code = IsolatedCode.Load(folder, PluginManifest.Read(folder), new PluginCalls(Id, TimeProvider.System, NullLogger.Instance, new CancellationTokenSource()), _services, CancellationToken.None);
        var parts = _code.Start();
        Assert.All(parts.Providers, provider => Assert.True(provider.Info is { Reranks: true, Embeds: true }));
    }

    public async ValueTask DisposeAsync()
    {
        if (_code is not null)
        {
            await _code.StopAsync();
        }

        await _services.DisposeAsync();
        await _upstream.DisposeAsync();
        await _silent.DisposeAsync();
        _plugins.Dispose();
        TestFolders.Delete(_data);
    }

    protected override SettingsValues? Stalled() => At(_silent);

    private static SettingsValues At(ScriptedUpstream upstream) => new(new Dictionary<string, string> { ["address"] = upstream.Address.AbsoluteUri });
}
