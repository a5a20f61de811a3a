using Calango.Core;
using Calango.Core.Data;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Weaviate;
using Microsoft.Extensions.Logging.Abstractions;

namespace Calango.Plugins.Tests.PassageIndexes;

/// <summary>The same of an index in a process of its own, as one that nobody trusts.</summary>
public sealed class IsolatedIndexTests : PassageIndexConformance, IAsyncLifetime
{
    private const string Id = "weaviate";

    private readonly PluginsFolder _plugins = new();
    private readonly string _data = TestFolders.NewTemporary("isolated-index");
    private WeaviateServer _server = null!;
    private WeaviateServer _silent = null!;
    private IsolationServices _services = null!;
    private IsolatedCode? _code;
    private GuardedPassageIndex _index = null!;

    protected override IPassageIndex Index => _index;

    protected override SettingsValues Place => new(_server.Settings);

    public async ValueTask InitializeAsync()
    {
        (_server, _silent) = (await WeaviateServer.StartAsync(), await WeaviateServer.StartAsync());
        _silent.IsSilent = true;
        var options = new CoreOptions { DataFolder = _data, PluginsFolder = _plugins.Path, PluginProcessFolder = TestFolders.PluginProcess, LocalesFolder = _data, Database = new DatabaseOptions() };
        _services = new IsolationServices(options, new Sandbox(options), NullLoggerFactory.Instance, TimeProvider.System);
        Assert.SkipWhen(_services.Sandbox.Refusal is not null, $"No plugin can be isolated here: {_services.Sandbox.Refusal}");
        var folder = _plugins.CopyBuilt(Id, "1.0.0");
        Directory.CreateDirectory(new StoreFolders(_data).DataOf(Id));
        _code = IsolatedCode.Load(folder, PluginManifest.Read(folder), new PluginCalls(Id, TimeProvider.System, NullLogger.Instance, new CancellationTokenSource()), _services, CancellationToken.None);
        var parts = _code.Start();
        _code.CheckHealth(parts);
        _index = parts.PassageIndex!;
    }

    public async ValueTask DisposeAsync()
    {
        if (_code is not null)
        {
            await _code.StopAsync();
        }

        await _services.DisposeAsync();
        await _server.DisposeAsync();
        await _silent.DisposeAsync();
        _plugins.Dispose();
        TestFolders.Delete(_data);
    }

    [Fact]
    public void Its_settings_are_those_of_the_plugin() => Assert.Equal(["address", "apiKey", "prefix", "hybrid"], _index.Settings.Select(field => field.Name));

    protected override SettingsValues Unreachable() => new(new Dictionary<string, string>(_server.Settings) { ["address"] = "http://127.0.0.1:1" });

    protected override SettingsValues Stalled() => new(_silent.Settings);
}
