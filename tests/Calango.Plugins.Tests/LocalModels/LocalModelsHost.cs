using System.Collections.Concurrent;
using Calango.Core.Plugins;
using Calango.Plugins.LocalModels;
using Calango.Sdk;
using Calango.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Calango.Plugins.Tests.LocalModels;

// The plugin in a container like the kernel's, with the kernel's own HTTP and child processes, in folders of its own.
internal sealed class LocalModelsHost : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly string? _ownFolder;

    public LocalModelsHost(ModelCatalogue? catalogue = null, Uri? registry = null, string? folder = null, long? freeMemory = null)
    {
        _ownFolder = folder is null ? Directory.CreateTempSubdirectory("calango-local-models-").FullName : null;
        folder ??= _ownFolder!;
        Models = Directory.CreateDirectory(Path.Combine(folder, "models")).FullName;
        Data = Directory.CreateDirectory(Path.Combine(folder, "data")).FullName;
        Processes = new RecordedProcesses(new ChildProcesses(NullLogger.Instance));

        var services = new ServiceCollection();
        services.AddSingleton(new PluginContext("local-models", PluginFolder, Data, Models, CancellationToken.None));
        services.AddSingleton<IPluginHttp>(_ => new PluginHttp());
        services.AddSingleton<IChildProcesses>(Processes);
        services.AddSingleton(typeof(ILogger<>), typeof(NullLogger<>));
        services.AddSingleton<TimeProvider>(Time);
        new LocalModelsPlugin().Register(new Builder(services));
        if (catalogue is not null)
        {
            services.Replace(ServiceDescriptor.Singleton(catalogue));
        }

        if (registry is not null)
        {
            services.Replace(ServiceDescriptor.Singleton(new NpmRegistry(registry)));
        }

        if (freeMemory is { } bytes)
        {
            services.Replace(ServiceDescriptor.Singleton<MachineMemory>(new FixedMemory(bytes)));
        }

        _services = services.BuildServiceProvider();
    }

    // As the build lays it out, with the worker beside it.
    public static string PluginFolder { get; } = Path.Combine(RepositoryRoot(), "artifacts", "plugins", "local-models");

    public string Models { get; }

    public string Data { get; }

    public ManualTime Time { get; } = new();

    public RecordedProcesses Processes { get; }

    public ILocalModels Local => _services.GetRequiredService<ILocalModels>();

    public IEmbeddingProvider Embeddings => (IEmbeddingProvider)Local;

    public string[] HalfDownloads => Directory.GetFiles(Path.Combine(Data, "downloads"));

    // The order in which a person would see the steps.
    public async Task<List<InstallProgress>> InstallAsync(string id, CancellationToken cancellationToken)
    {
        var steps = new List<InstallProgress>();
        await foreach (var step in Local.InstallAsync(id, cancellationToken))
        {
            steps.Add(step);
        }

        return steps;
    }

    public async Task<LocalModel> ModelAsync(string id) =>
        Assert.Single(await Local.ListAsync(TestContext.Current.CancellationToken), model => model.Id == id);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_ownFolder is not null)
        {
            Directory.Delete(_ownFolder, recursive: true);
        }
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Calango.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Calango.sln is above no folder of this test.");
        }

        return folder;
    }

    private sealed class Builder(IServiceCollection services) : IPluginBuilder
    {
        public IServiceCollection Services => services;

        public IPluginBuilder AddModelProvider<TProvider>() where TProvider : class, IModelProvider => throw new NotSupportedException();

        public IPluginBuilder AddLocalModels<TLocalModels>() where TLocalModels : class, ILocalModels
        {
            services.AddSingleton<ILocalModels, TLocalModels>();
            return this;
        }

        public IPluginBuilder AddEventSink<TSink>() where TSink : class, IEventSink => throw new NotSupportedException();

        public IPluginBuilder AddToolSource<TSource>() where TSource : class, IToolSource => throw new NotSupportedException();

        public IPluginBuilder AddBlobStore<TStore>() where TStore : class, IBlobStore => throw new NotSupportedException();

        public IPluginBuilder AddPassageIndex<TIndex>() where TIndex : class, IPassageIndex => throw new NotSupportedException();
    }

    private sealed class FixedMemory(long bytes) : MachineMemory
    {
        public override long AvailableBytes() => bytes;
    }
}

// Real processes, remembered.
internal sealed class RecordedProcesses(IChildProcesses processes) : IChildProcesses
{
    private readonly ConcurrentQueue<(ChildProcessStart Start, IChildProcess Process)> _started = new();

    public IReadOnlyList<ChildProcessStart> Starts => [.. _started.Select(child => child.Start)];

    public IReadOnlyList<IChildProcess> Started => [.. _started.Select(child => child.Process)];

    public IChildProcess Start(ChildProcessStart start)
    {
        var process = processes.Start(start);
        _started.Enqueue((start, process));
        return process;
    }
}
