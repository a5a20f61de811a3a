using Calango.Core.Models;

namespace Calango.Core.Chat;

/// <summary>The stopwatch of one call of a model service.</summary>
internal sealed class TurnAttempt(TimeProvider clock, TimeSpan waited, CatalogModel model, bool isFallback)
{
    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private readonly long _start = clock.GetTimestamp();
    private double? _firstToken;

    /// <summary>The model called.</summary>
    public CatalogModel Model => model;

    /// <summary>It is another one than was wanted.</summary>
    public bool IsFallback => isFallback;

    public void FirstToken() => _firstToken ??= Elapsed;

    public TracedAttempt Ended(string outcome, int? statusCode) =>
        new(_startedAt, _firstToken, Elapsed, outcome, statusCode, waited.TotalMilliseconds) { Model = model.Name, Connection = model.ConnectionName };

    private double Elapsed => Math.Round(clock.GetElapsedTime(_start).TotalMilliseconds, 2);
}
