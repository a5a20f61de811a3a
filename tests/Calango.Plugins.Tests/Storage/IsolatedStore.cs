using Calango.Core;
using Calango.Core.Data;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.Logging.Abstractions;

namespace Calango.Plugins.Tests.Storage;

/// <summary>A store in a process of its own, as one that nobody trusts: of this machine's disk for the tests of a class.</summary>
public sealed class IsolatedStore : IBlobStore, IAsyncLifetime
{
    private readonly string _id;
    private readonly PluginsFolder _plugins = new();
    private readonly string _data = TestFolders.NewTemporary("isolated-store");
    private IsolationServices? _services;
    private IsolatedCode? _code;
    private GuardedBlobStore _store = null!;

    /// <summary>That of this machine's disk.</summary>
    public IsolatedStore() : this("disk-storage")
    {
    }

    internal IsolatedStore(string id) => _id = id;

    /// <summary>Why none can be isolated here; null: they can.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Where it has its blobs.</summary>
    public string Folder => new StoreFolders(_data).DataOf(_id);

    public IReadOnlyList<SettingField> Settings => _store.Info.Settings;

    public ValueTask InitializeAsync()
    {
        var options = new CoreOptions { DataFolder = _data, PluginsFolder = _plugins.Path, PluginProcessFolder = TestFolders.PluginProcess, LocalesFolder = _data, Database = new DatabaseOptions() };
        _services = new IsolationServices(options, new Sandbox(options), NullLoggerFactory.Instance, TimeProvider.System);
        Refusal = _services.Sandbox.Refusal;
        if (Refusal is null)
        {
            var folder = _plugins.CopyBuilt(_id, "1.0.0");
            Directory.CreateDirectory(Folder);
            _code = IsolatedCode.Load(folder, PluginManifest.Read(folder), new PluginCalls(_id, TimeProvider.System, NullLogger.Instance, new CancellationTokenSource()), _services, CancellationToken.None);
            var parts = _code.Start();
            _code.CheckHealth(parts);
            _store = parts.BlobStore!;
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>Ends its process as the system would.</summary>
    public void Kill()
    {
        foreach (var folder in Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)))
        {
            if (IsIts(folder))
            {
                using var process = System.Diagnostics.Process.GetProcessById(int.Parse(Path.GetFileName(folder), System.Globalization.CultureInfo.InvariantCulture));
                process.Kill();
            }
        }
    }

    public Task<BlobInfo> PutAsync(string key, Stream content, string contentType, SettingsValues settings, CancellationToken cancellationToken) =>
        _store.PutAsync(key, content, contentType, settings, cancellationToken);

    public Task<BlobContent> OpenAsync(string key, BlobRange? range, SettingsValues settings, CancellationToken cancellationToken) => _store.OpenAsync(key, range, settings, cancellationToken);

    public Task<BlobInfo?> FindAsync(string key, SettingsValues settings, CancellationToken cancellationToken) => _store.FindAsync(key, settings, cancellationToken);

    public Task DeleteAsync(string key, SettingsValues settings, CancellationToken cancellationToken) => _store.DeleteAsync(key, settings, cancellationToken);

    public Task<BlobPage> ListAsync(string prefix, string? continuation, SettingsValues settings, CancellationToken cancellationToken) => _store.ListAsync(prefix, continuation, settings, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_code is not null)
        {
            await _code.StopAsync();
        }

        await _services!.DisposeAsync();
        _plugins.Dispose();
        TestFolders.Delete(_data);
    }

    private bool IsIts(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Split('\0').Contains(Folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
