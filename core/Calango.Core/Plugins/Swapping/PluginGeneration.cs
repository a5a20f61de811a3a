using System.Runtime.CompilerServices;

namespace Calango.Core.Plugins;

/// <summary>
/// One load of a plugin: its code, what that offers, and a gate that counts who uses it. A slot can take a new generation
/// at any moment; the old one lives until its last lease is back.
/// </summary>
internal sealed class PluginGeneration(PluginManifest manifest, PluginCalls calls, IPluginCode code)
{
    // The count of leases; once closed, nobody enters any more.
    private const long Closed = 1L << 62;

    private static readonly TimeSpan EndLimit = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PluginParts _parts = PluginParts.None;
    private WeakReference? _unloaded;
    private Task<string?>? _ended;
    private volatile PluginState _state = PluginState.Starting;
    private long _gate;

    public PluginManifest Manifest => manifest;

    public PluginCalls Calls => calls;

    public IReadOnlyList<GuardedProvider> Providers => _parts.Providers;

    public GuardedLocalModels? LocalModels => _parts.LocalModels;

    public GuardedEventSink? EventSink => _parts.EventSink;

    public GuardedToolSource? ToolSource => _parts.ToolSource;

    public GuardedBlobStore? BlobStore => _parts.BlobStore;

    public GuardedPassageIndex? PassageIndex => _parts.PassageIndex;

    public ChatClientCache Clients { get; } = new();

    /// <inheritdoc cref="IPluginCode.MemoryBytes"/>
    public long? ProcessMemoryBytes => code.MemoryBytes;

    /// <inheritdoc cref="IPluginCode.GaveUp"/>
    public event Action<string>? GaveUp
    {
        add => code.GaveUp += value;
        remove => code.GaveUp -= value;
    }

    /// <summary>Where it is. What holds the code of a zombie may let go of it later.</summary>
    public PluginState State
    {
        get => _state is PluginState.Zombie && _unloaded is { IsAlive: false } ? PluginState.Unloaded : _state;
        set => _state = value;
    }

    /// <summary>How many use it.</summary>
    public long Running => Math.Max(0, Interlocked.Read(ref _gate) & (Closed - 1));

    /// <summary>Makes the plugin's objects. Runs the plugin's own code.</summary>
    public void Start() => _parts = code.Start();

    /// <summary>Asks it whether it can work. Runs the plugin's own code.</summary>
    /// <exception cref="PluginRejectedException">It cannot, with the reason.</exception>
    public void CheckHealth() => code.CheckHealth(_parts);

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

    /// <summary>Lets go of the code. Returns what knows whether it is still in memory: it is gone some garbage collections later. Null: it never was in this process.</summary>
    // Not inlined: a reference left on the caller's stack frame would keep the code alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public WeakReference? Unload()
    {
        _parts = PluginParts.None;
        return _unloaded = code.Unload();
    }

    /// <summary>Drains, ends and unloads it.</summary>
    public async Task<WeakReference?> StopAsync(TimeSpan drainLimit)
    {
        await DrainAsync(drainLimit);
        await EndAsync();
        return Unload();
    }

    /// <summary>As <see cref="StopAsync"/>, but the code stays for as long as the process: for when that is about to end too, and waits no longer than for each of the limits.</summary>
    public async Task StopForExitAsync(TimeSpan drainLimit, TimeSpan endLimit)
    {
        code.KeepUntilExit();
        await DrainAsync(drainLimit);
        await ((Task)EndAsync()).WaitAsync(endLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task<string?> EndOnceAsync()
    {
        // Elsewhere, and not for ever: it is the plugin's code that runs here.
        var ending = Task.Run(code.StopAsync, CancellationToken.None);
        await ending.WaitAsync(EndLimit, calls.Clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Clients.Clear();
        return ending.IsCompletedSuccessfully ? null
            : ending.Exception is { } failure ? $"it failed to stop: {failure.GetBaseException().GetType().FullName}"
            : $"it did not stop within {EndLimit.TotalSeconds:0} s";
    }
}
