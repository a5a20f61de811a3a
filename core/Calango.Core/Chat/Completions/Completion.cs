using Calango.Core.Models;
using Calango.Core.Quotas;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>An answer to a program while it comes. Read it once, by one reader; what it used was counted once this is disposed.</summary>
public sealed class Completion : IAsyncDisposable
{
    private readonly Guid _id;
    private readonly CompletionRequest _request;
    private readonly CompletionRecord _record;
    private readonly TurnOptions _turns;
    private readonly QuotaMeter _quotas;
    private readonly TimeProvider _clock;
    private readonly CancellationToken _stop;
    private readonly long _start;
    private ModelLease? _lease;
    private TurnTimeLimits? _limits;
    private IAsyncEnumerator<ChatResponseUpdate>? _updates;
    private bool _hasUpdate;
    private bool _hasEnded;

    internal Completion(
        Guid id, CompletionRequest request, CallTelemetry telemetry, ModelEvents events, TurnOptions turns, QuotaMeter quotas, TimeProvider clock, CancellationToken stop)
    {
        (_id, _request, _turns, _quotas, _clock, _stop) = (id, request, turns, quotas, clock, stop);
        _record = new CompletionRecord(request, telemetry, events, clock);
        _start = clock.GetTimestamp();
    }

    /// <summary>The tokens that it took so far: the service's count, else an estimate.</summary>
    public CompletionUsage Usage => _record.Usage;

    /// <summary>Why the model stopped, in the service's words; null: it has not.</summary>
    public string? FinishReason => _record.FinishReason;

    internal bool TimeIsUp => _limits is { WholeExpired: true };

    /// <summary>The pieces of the answer, as they come.</summary>
    /// <exception cref="ModelFailedException">The answer broke off.</exception>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> ReadAsync()
    {
        while (_hasUpdate)
        {
            var update = _updates!.Current;
            _record.Note(update);
            if (_record.Length > _turns.MaxAnswerLength)
            {
                throw Failed(new ProviderException(ProviderErrorKind.StreamTooLarge));
            }

            yield return update;
            _hasUpdate = await NextAsync();
        }

        if (FinishReason is null)
        {
            throw _record.Failed(new Failure("stream.unfinished"));
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await HangUpAsync();
        if (!_hasEnded)
        {
            _hasEnded = true;
            _record.End(_stop.IsCancellationRequested);
            await _quotas.EndAsync(_id, _request.AccountId, _record.Model.Ref, _record.Took);
        }
    }

    internal async Task CallAsync(ModelLease lease)
    {
        await HangUpAsync();
        _lease = lease;
        if (_request.Options.Tools is { Count: > 0 } && !lease.CallsTools)
        {
            throw _record.Failed(new Failure("completion.noTools", new Dictionary<string, string> { ["model"] = lease.Model.Name }));
        }

        _record.Begin(lease.Model);
        _limits = new TurnTimeLimits(lease.Limits, _clock.GetElapsedTime(_start), _stop, _clock);
        var options = _request.Options.Clone();
        options.ModelId = lease.Model.Ref.ModelId;
        _limits.Called();
        _updates = lease.Client.GetStreamingResponseAsync(_request.Messages, options, _limits.Token).GetAsyncEnumerator(_limits.Token);
        _hasUpdate = await lease.TryAsync(FirstAsync, _limits.Token);
        _limits.Heard();
    }

    internal ModelFailedException Failed(Exception failure) => _record.Failed(FailureOf(failure));

    private async ValueTask<bool> FirstAsync()
    {
        try
        {
            return await _updates!.MoveNextAsync();
        }
        catch (OperationCanceledException) when (_limits!.SilenceExpired)
        {
            throw new ProviderException(ProviderErrorKind.TimedOut);
        }
    }

    private async Task<bool> NextAsync()
    {
        try
        {
            var more = await _updates!.MoveNextAsync();
            _limits!.Heard();
            return more;
        }
        catch (Exception failure) when (!_stop.IsCancellationRequested)
        {
            throw Failed(failure);
        }
    }

    private Failure FailureOf(Exception failure) => failure switch
    {
        ModelFailedException known => known.Failure,
        _ when _limits is { WholeExpired: true } => new Failure("timeout.whole"),
        _ when _limits is { SilenceExpired: true } => new Failure(_record.HasStarted ? "timeout.betweenTokens" : "timeout.firstToken"),
        _ => TurnFailures.FailureOf(failure, _request.Model.Host, _request.Model.Name, _request.Options.Tools is { Count: > 0 }),
    };

    private async Task HangUpAsync()
    {
        if (_updates is not null)
        {
            try
            {
                await _updates.DisposeAsync();
            }
            catch (Exception)
            {
                // How it went is known already, and nobody reads on.
            }
        }

        _limits?.Dispose();
        if (_lease is not null)
        {
            await _lease.DisposeAsync();
        }

        (_updates, _limits, _lease) = (null, null, null);
    }
}

/// <summary>What a completion took.</summary>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer, its reasoning included.</param>
/// <param name="IsEstimated">The service did not count.</param>
public readonly record struct CompletionUsage(int InputTokens, int OutputTokens, bool IsEstimated);
