namespace Calango.Core.Models;

/// <summary>
/// What stands before a connection: so many calls at once as it allows, a fair line for the others, and a circuit
/// breaker that spares a service in trouble. Thread-safe.
/// </summary>
internal sealed class ConnectionGate(TimeProvider clock)
{
    private readonly Lock _lock = new();
    private readonly FairLine<Waiter> _line = new();
    private readonly ConnectionBreaker _breaker = new(clock);
    private int? _limit;
    private int _inside;

    /// <summary>How many calls are going on or waiting.</summary>
    public int Load
    {
        get
        {
            lock (_lock)
            {
                return _inside + _line.Count;
            }
        }
    }

    /// <summary>How many calls are going on, how many wait, and until when the service isn't asked.</summary>
    public (int Calls, int Waiting, DateTimeOffset? RestsUntil) Now
    {
        get
        {
            lock (_lock)
            {
                return (_inside, _line.Count, _breaker.RestsUntil);
            }
        }
    }

    /// <summary>Waits for a place. Whoever has one must <see cref="Leave"/>. No <paramref name="limit"/>: any number of calls.</summary>
    public async ValueTask EnterAsync(int? limit, ModelCaller caller, CancellationToken cancellationToken)
    {
        Waiter waiter;
        lock (_lock)
        {
            _limit = limit;
            if (_line.Count == 0 && HasPlace)
            {
                _inside++;
                _line.Serve(caller.AccountId);
                return;
            }

            waiter = new Waiter(caller);
            _line.Join(waiter, caller);
            Admit();
        }

        await using var giveUp = cancellationToken.Register(() => GiveUp(waiter, cancellationToken));
        await waiter.Called.Task;
    }

    /// <summary>Gives the place to the next.</summary>
    public void Leave(ModelCaller caller)
    {
        lock (_lock)
        {
            _inside--;
            // Whoever was just served stands behind those who weren't.
            CallNext();
            _line.Served(caller.AccountId);
            TellPlaces();
        }
    }

    /// <summary>Awaits the first sign of an answer. The breaker counts how that goes; what comes later doesn't concern it.</summary>
    /// <exception cref="ConnectionPausedException">The service failed so often lately that it isn't asked now.</exception>
    public ValueTask<T> TryAsync<T>(Func<ValueTask<T>> first, CancellationToken cancellationToken) => _breaker.TryAsync(first, cancellationToken);

    private bool HasPlace => _limit is not { } limit || _inside < limit;

    private void Admit()
    {
        CallNext();
        TellPlaces();
    }

    private void CallNext()
    {
        while (HasPlace && _line.Call() is { } waiter)
        {
            _inside++;
            waiter.Called.TrySetResult();
        }
    }

    private void TellPlaces()
    {
        var place = 0;
        foreach (var waiting in _line.InLine())
        {
            waiting.Tell(++place);
        }
    }

    private void GiveUp(Waiter waiter, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_line.Leave(waiter))
            {
                waiter.Called.TrySetCanceled(cancellationToken);
                Admit();
            }
        }
    }

    private sealed class Waiter(ModelCaller caller)
    {
        private int _place;

        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Tell(int place)
        {
            if (place != _place)
            {
                _place = place;
                caller.Queued?.Invoke(place);
            }
        }
    }
}
