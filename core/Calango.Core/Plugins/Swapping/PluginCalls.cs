using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>The calls of one generation: whose they are, how many there were, how the last one failed, and how all are cut. Thread-safe.</summary>
/// <param name="pluginId">The plugin.</param>
/// <param name="clock">The time.</param>
/// <param name="log">Told of failures.</param>
/// <param name="cut">Not to be disposed: a call that was left behind may still ask it.</param>
internal sealed partial class PluginCalls(string pluginId, TimeProvider clock, ILogger log, CancellationTokenSource cut)
{
    private readonly ConcurrentDictionary<PluginLease, Guid> _turns = new();
    private long _count;
    private long _turnCount;

    public string PluginId => pluginId;

    public TimeProvider Clock => clock;

    /// <summary>How long a call that was given up may go on until whoever waits for it is let go; null: whoever runs the code sees to that.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Cancelled where the calls must not go on, though nobody who made them wants them ended.</summary>
    public CancellationToken Cut => cut.Token;

    public long Count => Interlocked.Read(ref _count);

    public long TurnCount => Interlocked.Read(ref _turnCount);

    public PluginError? LastError { get; private set; }

    public void Began() => Interlocked.Increment(ref _count);

    /// <summary>Notes what its contract doesn't know. The log gets the type and the place: a message may quote what a person wrote.</summary>
    public void Failed(Exception exception) => Failed(exception.GetType().FullName!, exception.StackTrace);

    /// <inheritdoc cref="Failed(Exception)"/>
    public void Failed(string exceptionType, string? stackTrace)
    {
        LastError = new PluginError(exceptionType, clock.GetUtcNow(), LastError is { Kind: PluginErrorKind.Unhandled } ? PluginErrorKind.Unhandled : PluginErrorKind.Failed);
        LogFailed(log, pluginId, exceptionType, stackTrace);
    }

    /// <summary>Notes what it let escape on a thread of its own.</summary>
    public void FailedUnhandled(Exception exception)
    {
        var type = exception.GetType().FullName!;
        LastError = new PluginError(type, clock.GetUtcNow(), PluginErrorKind.Unhandled);
        LogUnhandled(log, pluginId, type, exception.StackTrace);
    }

    /// <summary>Notes that a call that was given up goes on, and nobody can end it.</summary>
    public void LeftBehind()
    {
        LastError = new PluginError("", clock.GetUtcNow(), PluginErrorKind.LeftBehind);
        LogLeftBehind(log, pluginId);
    }

    /// <summary>Notes that the process of its own ended although it should not.</summary>
    public void ProcessEnded(string reason)
    {
        LastError = new PluginError(reason, clock.GetUtcNow(), PluginErrorKind.ProcessEnded);
        LogProcessEnded(log, pluginId, reason);
    }

    public void TurnBegan(PluginLease lease, Guid turnId)
    {
        Interlocked.Increment(ref _turnCount);
        _turns[lease] = turnId;
    }

    public void TurnEnded(PluginLease lease) => _turns.TryRemove(lease, out _);

    /// <summary>Ends all calls that run. Returns the turns among them.</summary>
    public async Task<IReadOnlyList<Guid>> CutAsync()
    {
        Guid[] turns = [.. _turns.Values];
        await cut.CancelAsync();
        return turns;
    }

    [LoggerMessage(LogLevel.Error, "The plugin {Plugin} failed with {ExceptionType} at {StackTrace}")]
    private static partial void LogFailed(ILogger logger, string plugin, string exceptionType, string? stackTrace);

    [LoggerMessage(LogLevel.Error, "The plugin {Plugin} did not end a call that was given up; it may go on in this process until that ends")]
    private static partial void LogLeftBehind(ILogger logger, string plugin);

    [LoggerMessage(LogLevel.Error, "The process of the plugin {Plugin} ended: {Reason}")]
    private static partial void LogProcessEnded(ILogger logger, string plugin, string reason);

    [LoggerMessage(LogLevel.Critical, "The plugin {Plugin} let {ExceptionType} escape on a thread of its own; it goes on, but what it left undone is unknown: {StackTrace}")]
    private static partial void LogUnhandled(ILogger logger, string plugin, string exceptionType, string? stackTrace);
}
