using System.Runtime.CompilerServices;

namespace Calango.Core.Plugins;

/// <summary>
/// The code of a generation in a process of its own. One that ends although it should not is started anew, a few times;
/// what was asked of it fails, and the server goes on. Thread-safe.
/// </summary>
internal sealed class IsolatedCode : IPluginCode
{
    private const int MostRestarts = 3;
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopGrace = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RestartLimit = TimeSpan.FromSeconds(30);

    private readonly string _folder;
    private readonly PluginManifest _manifest;
    private readonly PluginCalls _calls;
    private readonly IsolationServices _services;
    private readonly Queue<DateTimeOffset> _ends = new();
    private readonly Lock _lock = new();
    private readonly CancellationToken _givenUp;
    private Task<PluginChild> _child;
    private volatile PluginChild? _last;
    private volatile Task _replaced = Task.CompletedTask;
    private volatile bool _isStopping;
    private bool _hasStarted;

    private IsolatedCode(string folder, PluginManifest manifest, PluginCalls calls, IsolationServices services, CancellationToken givenUp)
    {
        (_folder, _manifest, _calls, _services, _givenUp) = (folder, manifest, calls, services, givenUp);
        Grants = new HttpGrants(manifest);
        _child = BeginAsync(givenUp);
    }

    /// <summary>Where it may reach.</summary>
    public HttpGrants Grants { get; }

    /// <summary>What it may ask for because it was told to keep it.</summary>
    public SentContents Contents { get; } = new();

    public event Action<string>? GaveUp;

    public long? MemoryBytes => _last?.MemoryBytes ?? 0;

    /// <summary>Starts the process, which loads the code.</summary>
    /// <param name="folder">The plugin's files.</param>
    /// <param name="manifest">Read from there.</param>
    /// <param name="calls">Counts its calls.</param>
    /// <param name="services">The server's.</param>
    /// <param name="givenUp">Cancelled once nobody waits any more until it has started.</param>
    /// <exception cref="PluginRejectedException">It cannot be isolated, or cannot be loaded.</exception>
    public static IsolatedCode Load(string folder, PluginManifest manifest, PluginCalls calls, IsolationServices services, CancellationToken givenUp)
    {
        if (!IsolationPolicy.CanBeIsolated(manifest))
        {
            throw new PluginRejectedException("it must be isolated, and one that runs local models cannot be");
        }

        if (services.Sandbox.Refusal is { } refusal)
        {
            throw new PluginRejectedException($"it must be isolated, which this server cannot do ({refusal})");
        }

        var code = new IsolatedCode(folder, manifest, calls, services, givenUp);
        try
        {
            code._child.GetAwaiter().GetResult();
            return code;
        }
        catch
        {
            _ = code.StopAsync();
            throw;
        }
    }

    public PluginParts Start()
    {
        var message = WireJson.Read<PartsMessage>(AskAtStart(WireMethod.Start));
        return new PluginParts(
            [.. message.Providers.Select(info => new GuardedProvider(
                _calls, info.Embeds ? new RemoteEmbeddingProvider(this, info) : new RemoteProvider(this, info), info.Reranks ? new RemoteReranker(this, info.Id) : null))],
            null,
            message.Sink is { } sink ? new GuardedEventSink(_calls, _manifest.Name, new RemoteSink(this, sink)) : null,
            message.Tools is { } tools ? new GuardedToolSource(_calls, _manifest.Name, new RemoteToolSource(this, tools)) : null,
            message.Blobs is { } blobs ? new GuardedBlobStore(_calls, _manifest.Name, new RemoteBlobStore(this, blobs)) : null,
            message.Index is { } index ? new GuardedPassageIndex(_calls, _manifest.Name, new RemotePassageIndex(this, index)) : null);
    }

    public void CheckHealth(PluginParts parts)
    {
        AskAtStart(WireMethod.CheckHealth);
        _hasStarted = true;
    }

    public async Task StopAsync()
    {
        lock (_lock)
        {
            _isStopping = true;
        }

        await ((Task)_child).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_last is { } child)
        {
            await ((Task)child.Wire.CallAsync(WireMethod.Stop, default, CancellationToken.None)).WaitAsync(StopGrace).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await child.DisposeAsync();
        }
    }

    // Nothing of it was ever in this process.
    public WeakReference? Unload() => null;

    public void KeepUntilExit()
    {
    }

    /// <exception cref="PluginFault">Its process is gone.</exception>
    public Task<byte[]> CallAsync(WireMethod method, ReadOnlyMemory<byte> arguments, CancellationToken cancellationToken) =>
        CallAsync(wire => wire.CallAsync(method, arguments, cancellationToken), cancellationToken);

    /// <inheritdoc cref="Wire.CallToEndAsync"/>
    /// <exception cref="PluginFault">Its process is gone.</exception>
    public Task<byte[]> CallToEndAsync(WireMethod method, ReadOnlyMemory<byte> arguments, CancellationToken cancellationToken) =>
        CallAsync(wire => wire.CallToEndAsync(method, arguments, cancellationToken), cancellationToken);

    /// <exception cref="PluginFault">Its process is gone.</exception>
    public async IAsyncEnumerable<byte[]> StreamAsync(WireMethod method, ReadOnlyMemory<byte> arguments, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var child = await ChildAsync(cancellationToken);
        await using var items = child.Wire.StreamAsync(method, arguments, cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await MoveAsync(items))
        {
            yield return items.Current;
        }
    }

    private async Task<byte[]> CallAsync(Func<Wire, Task<byte[]>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call((await ChildAsync(cancellationToken)).Wire);
        }
        catch (WireEndedException)
        {
            throw Gone();
        }
    }

    // On the loader's own thread.
    private byte[] AskAtStart(WireMethod method)
    {
        var child = _child.GetAwaiter().GetResult();
        try
        {
            return child.Wire.CallAsync(method, default, _givenUp).GetAwaiter().GetResult();
        }
        catch (WireEndedException)
        {
            throw new PluginRejectedException($"its process ended: {child.Ended.GetAwaiter().GetResult()}");
        }
    }

    private async ValueTask<bool> MoveAsync(IAsyncEnumerator<byte[]> items)
    {
        try
        {
            return await items.MoveNextAsync();
        }
        catch (WireEndedException)
        {
            throw Gone();
        }
    }

    private PluginFault Gone() => new(_manifest.Id, PluginFault.ProcessEndedType, "");

    private async Task<PluginChild> ChildAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var child = await _child.WaitAsync(cancellationToken);
                if (!child.Wire.HasEnded)
                {
                    return child;
                }

                // It has ended a moment ago: another may take its place.
                await _replaced.WaitAsync(cancellationToken);
                if (_isStopping)
                {
                    throw Gone();
                }
            }
        }
        catch (PluginRejectedException) when (_hasStarted)
        {
            throw Gone();
        }
    }

    private async Task<PluginChild> BeginAsync(CancellationToken cancellationToken)
    {
        var gateway = new PluginGateway(Grants, _services.Http, new PluginLog(_manifest.Id, _services.Loggers), Contents);
        var child = await PluginChild.StartAsync(_services.Sandbox, _services.Processes, gateway, _folder, _services.Folders.DataOf(_manifest.Id), cancellationToken).ConfigureAwait(false);
        try
        {
            await child.Wire.CallAsync(WireMethod.Load, default, cancellationToken).ConfigureAwait(false);
            if (_hasStarted)
            {
                await child.Wire.CallAsync(WireMethod.Start, default, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (Exception exception)
        {
            await child.DisposeAsync().ConfigureAwait(false);
            throw exception is WireEndedException ? new PluginRejectedException($"its process ended: {await child.Ended.ConfigureAwait(false)}") : exception;
        }

        _last = child;
        _replaced = RestartAsync(child);
        return child;
    }

    private async Task<PluginChild> BeginAgainAsync()
    {
        using var time = new CancellationTokenSource(RestartLimit);
        try
        {
            return await BeginAsync(time.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            throw new PluginRejectedException($"its process did not start again within {RestartLimit.TotalSeconds:0} s");
        }
    }

    private async Task RestartAsync(PluginChild child)
    {
        var reason = await child.Ended.ConfigureAwait(false);
        lock (_lock)
        {
            if (_isStopping)
            {
                return;
            }

            _calls.ProcessEnded(reason);
            if (!_hasStarted || !MayRestart())
            {
                _child = Task.FromException<PluginChild>(new PluginRejectedException($"its process ended: {reason}"));
                _ = _child.Exception;
            }
            else
            {
                _child = BeginAgainAsync();
                _ = _child.ContinueWith(failed => GiveUp(failed.Exception!.GetBaseException().Message), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                return;
            }
        }

        if (_hasStarted)
        {
            GiveUp($"its process ended {MostRestarts + 1} times within {Within.TotalMinutes:0} minutes, the last time because of {reason}");
        }
    }

    private void GiveUp(string reason)
    {
        if (!_isStopping)
        {
            GaveUp?.Invoke(reason);
        }
    }

    private bool MayRestart()
    {
        var now = _services.Clock.GetUtcNow();
        while (_ends.TryPeek(out var end) && now - end > Within)
        {
            _ends.Dequeue();
        }

        _ends.Enqueue(now);
        return _ends.Count <= MostRestarts;
    }
}
