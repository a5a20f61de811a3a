using System.Runtime.CompilerServices;
using Calango.Sdk;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Plugins;

/// <summary>
/// One load of a plugin: its code, its own service container, and a gate that counts who uses it. A slot can take a new
/// generation at any moment; the old one lives until its last lease is back.
/// </summary>
internal sealed class PluginGeneration
{
    // The count of leases; once closed, nobody enters any more.
    private const long Closed = 1L << 62;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WeakReference _codeWatch;
    private ServiceCollection? _registered;
    private PluginLoadContext? _code;
    private ServiceProvider? _services;
    private Task<string?>? _ended;
    private bool _isKept;
    private volatile PluginState _state = PluginState.Starting;
    private long _gate;

    private PluginGeneration(PluginManifest manifest, PluginLoadContext code, ServiceCollection registered, PluginCalls calls, CancellationTokenSource stopping)
    {
        (Manifest, Calls, _code, _registered, _stopping) = (manifest, calls, code, registered, stopping);
        _codeWatch = new WeakReference(code, trackResurrection: true);
    }

    public PluginManifest Manifest { get; }

    public PluginCalls Calls { get; }

    public IReadOnlyList<GuardedProvider> Providers { get; private set; } = [];

    public GuardedLocalModels? LocalModels { get; private set; }

    public GuardedEventSink? EventSink { get; private set; }

    public GuardedToolSource? ToolSource { get; private set; }

    public GuardedBlobStore? BlobStore { get; private set; }

    public ChatClientCache Clients { get; } = new();

    /// <summary>Where it is. What holds the code of a zombie may let go of it later.</summary>
    public PluginState State
    {
        get => _state is PluginState.Zombie && !_codeWatch.IsAlive ? PluginState.Unloaded : _state;
        set => _state = value;
    }

    /// <summary>How many use it.</summary>
    public long Running => Math.Max(0, Interlocked.Read(ref _gate) & (Closed - 1));

    /// <summary>Loads a plugin's code and lets it say what it provides. Runs the plugin's own code.</summary>
    /// <exception cref="PluginRejectedException">It is not a plugin that this server can run.</exception>
    public static PluginGeneration Load(string folder, PluginManifest manifest, PluginServices host)
    {
        var references = HostAssemblies.RefusePrivate(folder);
        var entry = Path.Combine(folder, manifest.Entry);
        var calls = host.CallsOf(manifest);
        var code = new PluginLoadContext($"{manifest.Id} {manifest.Version}", entry, PrivateCopies.For(references), calls);
        var stopping = new CancellationTokenSource();
        try
        {
            var services = host.For(manifest, folder, stopping.Token);
            var builder = new PluginBuilder(services);
            EntryOf(code, entry).Register(builder);
            builder.RequireAsDeclared(manifest.Provides);
            return new PluginGeneration(manifest, code, services, calls, stopping);
        }
        catch
        {
            stopping.Dispose();
            code.Unload();
            throw;
        }
    }

    /// <summary>Makes the plugin's objects. Runs the plugin's own code.</summary>
    public void Start()
    {
        _services = _registered!.BuildServiceProvider();
        Providers = [.. _services.GetServices<IModelProvider>().Select(provider => new GuardedProvider(Calls, provider))];
        LocalModels = _services.GetService<ILocalModels>() is { } localModels ? new GuardedLocalModels(Calls, localModels) : null;
        EventSink = _services.GetService<IEventSink>() is { } sink ? new GuardedEventSink(Calls, Manifest.Name, sink) : null;
        BlobStore = _services.GetService<IBlobStore>() is { } blobs ? new GuardedBlobStore(Calls, Manifest.Name, blobs) : null;
        ToolSource = _services.GetService<IToolSource>() is { } tools ? new GuardedToolSource(Calls, Manifest.Name, tools) : null;
    }

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _gate) < Closed)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _gate) == Closed)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>Lets nobody in, and waits for the leases that are out but not longer than <paramref name="limit"/>. False: some are still out.</summary>
    public async Task<bool> DrainAsync(TimeSpan limit)
    {
        if ((Interlocked.Or(ref _gate, Closed) | Closed) == Closed)
        {
            _drained.TrySetResult();
        }

        await _drained.Task.WaitAsync(limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _drained.Task.IsCompleted;
    }

    /// <summary>Ends all that the plugin started. Returns why it could not be ended; null: it was.</summary>
    public Task<string?> EndAsync()
    {
        lock (Clients)
        {
            return _ended ??= EndOnceAsync();
        }
    }

    /// <summary>Lets go of the code. Returns what knows whether it is still in memory: it is gone some garbage collections later.</summary>
    // Not inlined: a reference left on the caller's stack frame would keep the code alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public WeakReference Unload()
    {
        (Providers, LocalModels, EventSink, ToolSource, BlobStore, _services, _registered) = ([], null, null, null, null, null, null);
        if (!_isKept)
        {
            Sweep.Run(_code!);
            _code!.Unload();
            _code = null;
        }

        return _codeWatch;
    }

    /// <summary>Drains, ends and unloads it.</summary>
    public async Task<WeakReference> StopAsync(TimeSpan drainLimit)
    {
        await DrainAsync(drainLimit);
        await EndAsync();
        return Unload();
    }

    /// <summary>As <see cref="StopAsync"/>, but the code stays for as long as the process: for when that is about to end too.</summary>
    public async Task StopForExitAsync(TimeSpan drainLimit)
    {
        _isKept = true;
        _code?.KeepUntilExit();
        await DrainAsync(drainLimit);
        await EndAsync();
    }

    private async Task<string?> EndOnceAsync()
    {
        // Elsewhere, and not for ever: it is the plugin's code that runs here.
        var ending = Task.Run(EndOwnAsync, CancellationToken.None);
        await ending.WaitAsync(EndLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Clients.Clear();
        return ending.IsCompletedSuccessfully ? null
            : ending.Exception is { } failure ? $"it failed to stop: {failure.GetBaseException().GetType().FullName}"
            : $"it did not stop within {EndLimit.TotalSeconds:0} s";
    }

    private async Task EndOwnAsync()
    {
        await _stopping.CancelAsync();
        if (_services is { } services)
        {
            await services.DisposeAsync();
        }

        _stopping.Dispose();
    }

    private static IPlugin EntryOf(PluginLoadContext code, string path)
    {
        var plugins = code.LoadFromAssemblyPath(path).GetExportedTypes().Where(type => type.IsAssignableTo(typeof(IPlugin)) && !type.IsAbstract).ToList();
        return plugins is [var plugin]
            ? (IPlugin)Activator.CreateInstance(plugin)!
            : throw new PluginRejectedException($"{Path.GetFileName(path)} must have exactly one public class that implements IPlugin; it has {plugins.Count}");
    }
}
