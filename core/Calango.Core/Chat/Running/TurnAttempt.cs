namespace Calango.Core.Chat;

/// <summary>The stopwatch of one call of a model service.</summary>
internal sealed class TurnAttempt(TimeProvider clock, TimeSpan waited, int number = 1)
{
    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private readonly long _start = clock.GetTimestamp();
    private double? _firstToken;

    /// <summary>From 1.</summary>
    public int Number => number;

    public void FirstToken() => _firstToken ??= Elapsed;

    public TracedAttempt Ended(string outcome, int? statusCode) =>
        new(_startedAt, _firstToken, Elapsed, outcome, statusCode, waited.TotalMilliseconds);

    private double Elapsed => Math.Round(clock.GetElapsedTime(_start).TotalMilliseconds, 2);
}
