using Calango.Core.Models;

namespace Calango.Core.Chat;

/// <summary>
/// Runs as many turns at once as the limit allows; the others wait in a line in which nobody waits for another's crowd, and
/// see their place. Thread-safe.
/// </summary>
internal sealed class TurnQueue(TurnRunner runner, TurnsRunning running, Titles titles, TurnTelemetry telemetry, ModelEvents events, TurnOptions options)
{
    private readonly Lock _lock = new();
    private readonly FairLine<TurnRun> _line = new();
    private int _active;

    /// <summary>Runs the turn now or when its place comes. Returns at once.</summary>
    public void Add(TurnRun run)
    {
        running.Add(run);
        telemetry.Queued(run);
        lock (_lock)
        {
            if (_active >= options.MaxConcurrent)
            {
                _line.Join(run, new ModelCaller(run.Turn.AccountId, CallPriority.Interactive));
                TellPlaces();
                return;
            }

            _active++;
            _line.Serve(run.Turn.AccountId);
        }

        // Not in the context of the request: its log scope and its trace would stay with the turns that this worker runs next.
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => WorkAsync(run));
        }
    }

    private async Task WorkAsync(TurnRun? run)
    {
        while (run is not null)
        {
            using var lines = telemetry.Identify(run);
            var span = telemetry.Begin(run);
            await runner.RunAsync(run);
            telemetry.End(run, span);
            events.Ended(run);
            // Before the stream ends: the page asks for the title then, and must find it in progress.
            if (run.NeedsTitle)
            {
                titles.Begin(run);
            }

            running.Remove(run);
            run.HasEnded();
            run = TakeNext(run.Turn.AccountId);
        }
    }

    private TurnRun? TakeNext(Guid served)
    {
        lock (_lock)
        {
            // Whoever was just served stands behind those who weren't.
            var next = _line.Call();
            _line.Served(served);
            if (next is null)
            {
                _active--;
                return null;
            }

            TellPlaces();
            return next;
        }
    }

    // Who comes may stand before others.
    private void TellPlaces()
    {
        var place = 0;
        foreach (var run in _line.InLine())
        {
            if (run.QueuePlace != ++place)
            {
                run.QueuePlace = place;
                run.Log.Report(new TurnProgress(TurnPhase.Queued, place));
            }
        }
    }
}
