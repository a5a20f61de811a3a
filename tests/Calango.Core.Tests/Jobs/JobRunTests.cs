using System.Diagnostics.Metrics;
using Calango.Core.Jobs;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Jobs;

/// <summary>What is known of the last runs.</summary>
public sealed class JobRunTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_run_that_nobody_ended_is_interrupted_once_the_next_begins(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        var runs = kernel.Get<JobRuns>();
        await runs.BeginAsync(runs.New("kept-answers", "dead"), Cancelled);
        await runs.BeginAsync(runs.New("traces", "alive"), Cancelled);

        await kernel.RunAsync("kept-answers");

        Assert.Equal(
            [("alive", JobOutcome.Running), ("dead", JobOutcome.Interrupted), ("here", JobOutcome.Complete)],
            (await kernel.AllAsync<JobRun>()).Select(run => (run.Replica, run.Outcome)).Order());
    }

    [EachDatabase]
    public async Task The_last_twenty_runs_of_each_job_are_known(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        await kernel.RunAsync("traces");
        for (var run = 1; run <= 22; run++)
        {
            kernel.Time.Advance(TimeSpan.FromDays(1));
            await kernel.RunAsync("kept-answers");
        }

        var runs = await kernel.AllAsync<JobRun>();

        Assert.Single(runs, run => run.Job == "traces");
        Assert.Equal(20, runs.Count(run => run.Job == "kept-answers"));
        Assert.Equal(kernel.Time.GetUtcNow(), runs.Max(run => run.StartedAt));
    }

    [Fact]
    public async Task What_was_removed_is_logged_and_measured()
    {
        await using var kernel = await JobKernel.StartAsync(DatabaseKind.Sqlite);
        var measured = new List<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name.StartsWith("calango.job.", StringComparison.Ordinal) && ReferenceEquals(instrument.Meter.Scope, kernel.Get<IMeterFactory>()))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => measured.Add($"{instrument.Name} {tags[0].Value} {value}"));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => measured.Add($"{instrument.Name} {tags[0].Value}"));
        listener.Start();
        await kernel.AddKeptAnswerAsync("old");
        kernel.Time.Advance(TimeSpan.FromDays(31));

        await kernel.RunAsync("kept-answers");

        Assert.Equal(["calango.job.removed kept-answers 1", "calango.job.duration kept-answers"], measured);
        Assert.Matches("Information Calango.Core.Jobs.CleanUpRunner Job kept-answers removed 1 in [0-9]+ ms: Complete", kernel.Log.Text);
    }
}
