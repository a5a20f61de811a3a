using Calango.Sdk;
using Polly;
using Polly.CircuitBreaker;

namespace Calango.Core.Models;

/// <summary>Spares a service in trouble: one that fails too often isn't asked for a while, then tried once. Thread-safe.</summary>
internal sealed class ConnectionBreaker
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(15);
    private static readonly ResiliencePropertyKey<bool> IsTrial = new("calango.trial");
    private static readonly ResiliencePropertyKey<bool> WasStopped = new("calango.stopped");

    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline _pipeline;
    private long _restsUntil;

    public ConnectionBreaker(TimeProvider clock) => _pipeline = new ResiliencePipelineBuilder { TimeProvider = clock }.AddCircuitBreaker(new CircuitBreakerStrategyOptions
    {
        // Most of at least six calls within half a minute: two turns in vain, with their retries.
        FailureRatio = 0.7,
        MinimumThroughput = 6,
        SamplingDuration = TimeSpan.FromSeconds(30),
        ShouldHandle = args => ValueTask.FromResult(args.Outcome.Exception is ProviderException failure ? IsTrouble(failure.Kind) : IsStoppedTrial(args)),
        // A trial that somebody stopped said nothing: the next call is the trial in its place.
        BreakDurationGenerator = args => ValueTask.FromResult(args.Context.Properties.GetValue(WasStopped, false) ? TimeSpan.Zero : Rest),
        OnHalfOpened = args =>
        {
            args.Context.Properties.Set(IsTrial, true);
            return ValueTask.CompletedTask;
        },
        OnOpened = args =>
        {
            Volatile.Write(ref _restsUntil, (clock.GetUtcNow() + args.BreakDuration).UtcTicks);
            return ValueTask.CompletedTask;
        },
        StateProvider = _state,
    }).Build();

    /// <summary>Until when the service isn't asked; a time that has passed: the next call tries it. Null: it is asked.</summary>
    public DateTimeOffset? RestsUntil => _state.CircuitState == CircuitState.Closed ? null : new DateTimeOffset(Volatile.Read(ref _restsUntil), TimeSpan.Zero);

    /// <summary>Awaits the first sign of an answer, and counts how that goes.</summary>
    /// <exception cref="ConnectionPausedException">The service failed so often lately that it isn't asked now.</exception>
    public async ValueTask<T> TryAsync<T>(Func<ValueTask<T>> first, CancellationToken cancellationToken)
    {
        try
        {
            return await _pipeline.ExecuteAsync(_ => first(), cancellationToken);
        }
        catch (BrokenCircuitException broken)
        {
            throw new ConnectionPausedException(broken.RetryAfter ?? Rest);
        }
    }

    // Failures that say nothing about the service's health are none here: a wrong key, an unknown model, a long prompt.
    private static bool IsTrouble(ProviderErrorKind kind) => kind is ProviderErrorKind.Unreachable or ProviderErrorKind.HostNotFound
        or ProviderErrorKind.ServiceFailed or ProviderErrorKind.ConnectionLost or ProviderErrorKind.TimedOut;

    private static bool IsStoppedTrial(CircuitBreakerPredicateArguments<object> args)
    {
        if (args.Outcome.Exception is not OperationCanceledException || !args.Context.Properties.GetValue(IsTrial, false))
        {
            return false;
        }

        args.Context.Properties.Set(WasStopped, true);
        return true;
    }
}

/// <summary>A connection isn't asked for a while, because its service failed too often lately.</summary>
/// <param name="retryAfter">When it is tried again.</param>
public sealed class ConnectionPausedException(TimeSpan retryAfter) : Exception("The connection is paused.")
{
    /// <summary>How long it rests.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
