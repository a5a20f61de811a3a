using Calango.Sdk;
using Polly;
using Polly.CircuitBreaker;

namespace Calango.Core.Models;

/// <summary>
/// What stands before a connection: so many calls at once as it allows, a fair line for the others, and a circuit
/// breaker that spares a service in trouble. Thread-safe.
/// </summary>
internal sealed class ConnectionGate(TimeProvider clock)
{
    // Most of at least six calls within half a minute: two turns in vain, with their retries.
    private static readonly CircuitBreakerStrategyOptions Breaking = new()
    {
        FailureRatio = 0.7,
        MinimumThroughput = 6,
        SamplingDuration = TimeSpan.FromSeconds(30),
        BreakDuration = TimeSpan.FromSeconds(15),
        ShouldHandle = new PredicateBuilder().Handle<ProviderException>(failure => IsTrouble(failure.Kind)),
    };

    private readonly Lock _lock = new();
    private readonly FairLine<Waiter> _line = new();
    private readonly ResiliencePipeline _breaker = new ResiliencePipelineBuilder { TimeProvider = clock }.AddCircuitBreaker(Breaking).Build();
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
            _line.Served(caller.AccountId);
            Admit();
        }
    }

    /// <summary>Awaits the first sign of an answer. The breaker counts how that goes; what comes later doesn't concern it.</summary>
    /// <exception cref="ConnectionPausedException">The service failed so often lately that it isn't asked now.</exception>
    public async ValueTask<T> TryAsync<T>(Func<ValueTask<T>> first, CancellationToken cancellationToken)
    {
        try
        {
            return await _breaker.ExecuteAsync(_ => first(), cancellationToken);
        }
        catch (BrokenCircuitException broken)
        {
            throw new ConnectionPausedException(broken.RetryAfter ?? Breaking.BreakDuration);
        }
    }

    private bool HasPlace => _limit is not { } limit || _inside < limit;

    // Failures that say nothing about the service's health are none here: a wrong key, an unknown model, a long prompt.
    private static bool IsTrouble(ProviderErrorKind kind) => kind is ProviderErrorKind.Unreachable or ProviderErrorKind.HostNotFound
        or ProviderErrorKind.ServiceFailed or ProviderErrorKind.ConnectionLost or ProviderErrorKind.TimedOut;

    private void Admit()
    {
        while (HasPlace && _line.Call() is { } waiter)
        {
            _inside++;
            waiter.Called.TrySetResult();
        }

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

/// <summary>A connection isn't asked for a while, because its service failed too often lately.</summary>
/// <param name="retryAfter">When it is tried again.</param>
public sealed class ConnectionPausedException(TimeSpan retryAfter) : Exception("The connection is paused.")
{
    /// <summary>How long it rests.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
