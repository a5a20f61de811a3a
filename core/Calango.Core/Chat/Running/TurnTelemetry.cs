using System.Diagnostics;
using System.Diagnostics.Metrics;
using Calango.Core.Models;
using Calango.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Chat;

/// <summary>
/// What a turn tells whoever watches over the server: measurements, a span while somebody listens, and its ids on each log
/// line. All of it is read off the turn when it has ended, so a token costs nothing. Thread-safe.
/// </summary>
internal sealed partial class TurnTelemetry
{
    /// <summary>The attribute that says how a turn ended, by <see cref="NameOf"/>.</summary>
    public const string StateTag = "calango.turn.state";

    private static readonly double[] Seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] Rates = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

    private static readonly Func<ILogger, Guid, string, IDisposable?> BeginLines =
        LoggerMessage.DefineScope<Guid, string>("Turn {TurnId} of request {RequestId}");

    private readonly CallTelemetry _calls;
    private readonly ModelCatalog _catalog;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly UpDownCounter<long> _queued;
    private readonly UpDownCounter<long> _running;
    private readonly Histogram<double> _queueWait;
    private readonly Counter<long> _ends;
    private readonly Counter<long> _connectionCalls;
    private readonly Histogram<double> _outputRate;
    private readonly Counter<long> _estimatedTokens;

    public TurnTelemetry(IMeterFactory meters, CallTelemetry calls, ModelCatalog catalog, TimeProvider clock, ILogger<TurnTelemetry> logger)
    {
        (_calls, _catalog, _clock, _logger) = (calls, catalog, clock, logger);
        var meter = meters.Create(Instrumentation.Name);
        _queued = meter.CreateUpDownCounter<long>("calango.turns.queued", "{turn}", "Turns that wait for a place.");
        _running = meter.CreateUpDownCounter<long>("calango.turns.running", "{turn}", "Turns that run.");
        _queueWait = meter.CreateHistogram("calango.turn.queue.wait", "s", "How long turns waited for a place.", Seconds);
        _ends = meter.CreateCounter<long>("calango.turn.ends", "{turn}", "Turns that ended, by how and why.");
        _connectionCalls = meter.CreateCounter<long>("calango.connection.calls", "{call}", "Calls of a connection for turns, each attempt by itself, by how it went.");
        _outputRate = meter.CreateHistogram("calango.turn.output_rate", "{token}/s", "Tokens a second, from the first on.", Rates);
        _estimatedTokens = meter.CreateCounter<long>(
            "calango.turn.estimated_tokens", "{token}", "Tokens of prompts and answers by our own estimate, where a service did not count.");
    }

    /// <summary>Everything logged until the end of what this returns names the turn and the request that asked for it.</summary>
    public IDisposable? Identify(TurnRun run) => BeginLines(_logger, run.Turn.Id, run.Turn.RequestId);

    public void Queued(TurnRun run)
    {
        run.QueuedAt = _clock.GetTimestamp();
        _queued.Add(1);
    }

    /// <summary>The turn runs; its span is current from here, if somebody listens.</summary>
    public Activity? Begin(TurnRun run)
    {
        _queued.Add(-1);
        _running.Add(1);
        _queueWait.Record(_clock.GetElapsedTime(run.QueuedAt).TotalSeconds);
        return Instrumentation.Source.StartActivity("chat", ActivityKind.Client);
    }

    /// <summary>The turn has ended and is stored.</summary>
    public void End(TurnRun run, Activity? span)
    {
        _running.Add(-1);
        var (model, connection) = ModelOf(run.Turn, run.Model);
        var tags = CallTelemetry.TagsOf(model, connection);
        Measure(run, tags);
        // A model that is not in the catalogue is whatever somebody sent.
        if (run.Turn is { State: TurnState.Failed or TurnState.Interrupted } turn)
        {
            LogBroken(_logger, turn.Id, turn.RequestId, turn.State, turn.FailureCode, model?.Ref.ModelId, connection, model?.Host, run.Attempts.Count, run.Attempts.LastOrDefault()?.StatusCode);
        }

        if (span is not null)
        {
            TurnSpan.End(span, run, model, tags);
        }
    }

    /// <summary>A turn of a process that is gone was called interrupted.</summary>
    public void Lost(Turn turn)
    {
        var (model, connection) = ModelOf(turn, null);
        var tags = CallTelemetry.TagsOf(model, connection);
        tags.Add(Instrumentation.ErrorType, turn.FailureCode);
        tags.Add(StateTag, NameOf(turn.State));
        _ends.Add(1, tags);
        LogLost(_logger, turn.Id, turn.RequestId, model?.Ref.ModelId, connection);
    }

    // Where a connection was not even asked, its name is known all the same.
    private (CatalogModel? Model, string? Connection) ModelOf(Turn turn, CatalogModel? answered)
    {
        var model = answered ?? _catalog.Find(turn.Model);
        return (model, model?.ConnectionName ?? _catalog.ConnectionName(turn.ConnectionId));
    }

    private void Measure(TurnRun run, in TagList model)
    {
        var turn = run.Turn;
        var tags = model;
        if (turn.FailureCode is { } code)
        {
            tags.Add(Instrumentation.ErrorType, code);
        }

        if (run.Attempts is [.., var last] attempts)
        {
            _calls.Took(CallTelemetry.OfTurn, attempts.Sum(attempt => attempt.WaitedMilliseconds + attempt.Milliseconds), turn.FailureCode, model);
            MeasureTokens(turn, last, model);
            MeasureCalls(attempts);
        }

        tags.Add(StateTag, NameOf(turn.State));
        _ends.Add(1, tags);
    }

    // Where another connection answered in the end, the turn's own measurements say nothing of the one that failed.
    private void MeasureCalls(IEnumerable<TracedAttempt> attempts)
    {
        foreach (var attempt in attempts)
        {
            var tags = new TagList { { CallTelemetry.Connection, attempt.Connection } };
            if (attempt.Outcome is not (TurnFailures.Well or TurnFailures.Stopped))
            {
                tags.Add(Instrumentation.ErrorType, attempt.Outcome);
            }

            _connectionCalls.Add(1, tags);
        }
    }

    private void MeasureTokens(Turn turn, TracedAttempt call, in TagList model)
    {
        if (call.FirstTokenMilliseconds is { } first)
        {
            _calls.FirstToken(CallTelemetry.OfTurn, first, model);
            if (turn.OutputTokens is > 0 and { } output && call.Milliseconds > first)
            {
                _outputRate.Record(output / (call.Milliseconds - first) * 1000, model);
            }
        }

        MeasureTokens(turn, turn.InputTokens, "input", model);
        MeasureTokens(turn, turn.OutputTokens, "output", model);
    }

    private void MeasureTokens(Turn turn, int? count, string type, in TagList model)
    {
        if (count is not { } tokens)
        {
            return;
        }

        // The conventions want what was counted by the service alone.
        if (!turn.TokensEstimated)
        {
            _calls.Tokens(CallTelemetry.OfTurn, type, tokens, model);
            return;
        }

        var tags = model;
        tags.Add("gen_ai.token.type", type);
        _estimatedTokens.Add(tokens, tags);
    }

    /// <summary>The state of a turn that has ended, as telemetry names it.</summary>
    public static string NameOf(TurnState state) => state switch
    {
        TurnState.Complete => "complete",
        TurnState.Stopped => "stopped",
        TurnState.Failed => "failed",
        TurnState.Interrupted => "interrupted",
        _ => throw new InvalidOperationException($"A turn that has ended is not {state}."),
    };

    [LoggerMessage(LogLevel.Warning, "Turn {TurnId} of request {RequestId} ended as {State}: {Code}. Model {Model} of the connection {Connection} at {Host}, calls: {Calls}, last status: {StatusCode}")]
    private static partial void LogBroken(
        ILogger logger, Guid turnId, string requestId, TurnState state, string? code, string? model, string? connection, string? host, int calls, int? statusCode);

    [LoggerMessage(LogLevel.Warning, "Turn {TurnId} of request {RequestId} was left unfinished by a process that is gone; it is interrupted now. Model {Model} of the connection {Connection}")]
    private static partial void LogLost(ILogger logger, Guid turnId, string requestId, string? model, string? connection);
}
