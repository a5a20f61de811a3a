using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// One model's worker: started for the first lease, started again when it died, stopped when nobody used it for a while.
internal sealed class RunningModel(WorkerStarter starter, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(5);

    // Held while a worker starts or stops, so that callers who come together share one.
    private readonly SemaphoreSlim _gate = new(1);
    private WorkerProcess? _worker;
    private ITimer? _idle;
    private int _leases;

    // What the worker was started for: it may have got less for lack of memory, and is not started again for that.
    private int _wantedTokens;

    public bool IsIdle => _leases == 0 && _worker is { Runs: true };

    // contextThatFits is asked only if a worker must be started.
    public async Task<ILocalEndpoint> AcquireAsync(ShelfModel model, int wantedTokens, Func<Task<int>> contextThatFits, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_worker is { Runs: false } || (_leases == 0 && _wantedTokens < wantedTokens))
            {
                await StopWorkerAsync();
            }

            if (_worker is null)
            {
                _worker = await starter.StartAsync(model, await contextThatFits(), cancellationToken);
                _wantedTokens = wantedTokens;
            }

            _leases++;
            _idle?.Dispose();
            _idle = null;
            return new Lease(this, _worker);
        }
        finally
        {
            _gate.Release();
        }
    }

    public async Task StopAsync(bool evenIfUsed)
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (evenIfUsed || _leases == 0)
            {
                await StopWorkerAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(evenIfUsed: true);

    private async Task ReleaseAsync()
    {
        await _gate.WaitAsync(CancellationToken.None);
        try
        {
            if (--_leases == 0)
            {
                _idle?.Dispose();
                _idle = time.CreateTimer(static model => _ = ((RunningModel)model!).StopAsync(evenIfUsed: false), this, IdleLimit, Timeout.InfiniteTimeSpan);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task StopWorkerAsync()
    {
        _idle?.Dispose();
        _idle = null;
        if (_worker is { } worker)
        {
            _worker = null;
            await worker.StopAsync();
        }
    }

    private sealed class Lease(RunningModel model, WorkerProcess worker) : ILocalEndpoint
    {
        private int _released;

        public Uri Address => worker.Address;

        public string Key => worker.Key;

        public async ValueTask DisposeAsync()
        {
            if (Interlocked.Exchange(ref _released, 1) == 0)
            {
                await model.ReleaseAsync();
            }
        }
    }
}
