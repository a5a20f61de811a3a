namespace Calango.Core.Chat;

/// <summary>Runs as many turns at once as the limit allows; the others wait in line and see their place. Thread-safe.</summary>
internal sealed class TurnQueue(TurnRunner runner, TurnsRunning running, Titles titles, TurnTelemetry telemetry, ModelEvents events, TurnOptions options)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<TurnRun> _waiting = new();
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
                _waiting.AddLast(run);
                run.Log.Report(new TurnProgress(TurnPhase.Queued, _waiting.Count));
                return;
            }

            _active++;
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
            run = TakeNext();
        }
    }

    private TurnRun? TakeNext()
    {
        lock (_lock)
        {
            if (_waiting.First is not { } next)
            {
                _active--;
                return null;
            }

            _waiting.RemoveFirst();
            var place = 0;
            foreach (var run in _waiting)
            {
                run.Log.Report(new TurnProgress(TurnPhase.Queued, ++place));
            }

            return next.Value;
        }
    }
}
