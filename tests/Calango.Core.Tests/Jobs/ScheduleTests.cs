using Calango.Core.Data;
using Calango.Core.Jobs;
using Calango.Core.Quotas;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Tests.Jobs;

/// <summary>Jobs run when they are due, once, wherever, and again where they did not come to their end.</summary>
public sealed class ScheduleTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);
    private static readonly string[] Jobs = ["abandoned-downloads", "avatars", "captchas", "deleted-chats", "document-files", "invitations", "kept-answers", "mail-not-sent", "old-imports", "old-passages", "pictures", "quotas", "sessions", "sign-ups", "tokens", "traces", "webhook-messages"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Each_job_runs_once_a_day_also_over_restarts(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        for (var day = 1; day <= 2; day++)
        {
            var running = await kernel.StartAsync(kernel.Get<Schedule>());
            kernel.Time.Advance(Day);
            await EachHasRunAsync(kernel, times: day);
            await EndAsync(kernel, running);
        }
    }

    [EachDatabase]
    public async Task What_was_due_while_the_server_was_off_runs_at_its_next_start(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        await EndAsync(kernel, await kernel.StartAsync(kernel.Get<Schedule>()));
        kernel.Time.Advance(5 * Day);

        var running = await kernel.StartAsync(kernel.Get<Schedule>());

        await EachHasRunAsync(kernel, times: 1);
        await EndAsync(kernel, running);
    }

    [EachDatabase]
    public async Task What_was_put_aside_for_a_call_that_died_comes_back_by_itself_long_before_the_night(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        var over = kernel.Time.GetUtcNow() + TimeSpan.FromMinutes(1);
        await kernel.Get<Database>().WriteAsync(
            async db =>
            {
                db.Add(new QuotaReservation { Id = Guid.CreateVersion7(), AccountId = JobKernel.Ana, ExpiresAt = over });
                await db.SaveChangesAsync(Cancelled);
            },
            Cancelled);

        var running = await kernel.StartAsync(kernel.Get<Schedule>());

        await kernel.UntilAsync("it has come back", async () => (await kernel.AllAsync<QuotaReservation>()).Count == 0);
        Assert.True(kernel.Time.GetUtcNow() > over);
        Assert.Empty(await kernel.AllAsync<JobRun>());
        await EndAsync(kernel, running);
    }

    [EachDatabase]
    public async Task A_job_that_failed_is_tried_again_soon(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        var job = new ScriptedCleanUp(_ => throw new InvalidOperationException("canary-7301"), _ => Task.FromResult(3), _ => Task.FromResult(0));
        var running = await kernel.StartAsync(ScheduleOf(kernel, job));
        kernel.Time.Advance(Day);
        await EndedAsync(kernel, JobOutcome.Failed);

        var again = await EndedAsync(kernel, JobOutcome.Complete);
        await EndAsync(kernel, running);
        Assert.Equal(3, again.Removed);
        Assert.Contains("Job scripted removed 0 in", kernel.Log.Text, StringComparison.Ordinal);
        Assert.Contains("unexpected InvalidOperationException", kernel.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", kernel.Log.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Quartz", string.Join('\n', kernel.Log.Text.Split('\n').Where(line => !line.TrimStart().StartsWith("at ", StringComparison.Ordinal))), StringComparison.Ordinal);
    }

    [EachDatabase]
    public async Task A_job_that_was_stopped_with_its_server_goes_on_with_the_next(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        var job = new ScriptedCleanUp(
            _ => Task.FromResult(2),
            async stopped => { await Task.Delay(Timeout.Infinite, stopped); return 0; },
            _ => Task.FromResult(1),
            _ => Task.FromResult(0));
        var running = await kernel.StartAsync(ScheduleOf(kernel, job));
        kernel.Time.Advance(Day);
        await kernel.UntilAsync("it is in its second step", () => Task.FromResult(job.Steps == 2));

        await EndAsync(kernel, running);

        Assert.Equal(2, (await EndedAsync(kernel, JobOutcome.Stopped)).Removed);
        var next = await kernel.StartAsync(ScheduleOf(kernel, job));
        Assert.Equal(1, (await EndedAsync(kernel, JobOutcome.Complete)).Removed);
        Assert.Equal(2, (await kernel.AllAsync<JobRun>()).Count);
        await EndAsync(kernel, next);
    }

    private static Schedule ScheduleOf(JobKernel kernel, ScriptedCleanUp job) => new(
        kernel.Get<DatabaseOptions>(), kernel.Get<CleanUpRunner>(), kernel.Get<JobRuns>(), [new CleanUp("scripted", new TimeOnly(3, 0), job)], [], kernel.Time, kernel.Get<ILogger<ScheduleTrouble>>());

    private static Task EndAsync(JobKernel kernel, RunningSchedule running) => kernel.WaitAsync(running.DisposeAsync().AsTask());

    private static async Task EachHasRunAsync(JobKernel kernel, int times)
    {
        List<JobRun> runs = [];
        await kernel.UntilAsync($"each job has run {times} times", async () =>
        {
            runs = await kernel.AllAsync<JobRun>();
            return runs.Count(run => run.Outcome == JobOutcome.Complete) >= times * Jobs.Length;
        });
        Assert.Equal(Jobs.SelectMany(job => Enumerable.Repeat(job, times)), runs.Select(run => run.Job).Order(StringComparer.Ordinal));
    }

    private static async Task<JobRun> EndedAsync(JobKernel kernel, JobOutcome outcome)
    {
        JobRun? ended = null;
        await kernel.UntilAsync($"a run has ended {outcome}", async () => (ended = (await kernel.AllAsync<JobRun>()).Find(run => run.Outcome == outcome)) is not null);
        return ended!;
    }

    // One step after another, as the test says.
    private sealed class ScriptedCleanUp(params Func<CancellationToken, Task<int>>[] steps) : ICleanUp
    {
        private int _steps;

        public int Steps => Volatile.Read(ref _steps);

        public Task<int> RemoveSomeAsync(CancellationToken cancellationToken) => steps[Interlocked.Increment(ref _steps) - 1](cancellationToken);
    }
}
