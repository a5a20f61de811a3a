using Calango.Core.Jobs;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>Whatever happens to a job, what it has begun is brought to its end, once.</summary>
public sealed class JobTests
{
    // What a supervisor is told to wait, less what a busy machine takes.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_job_killed_midway_is_brought_to_its_end_by_the_next_server(DatabaseKind kind)
    {
        await using var site = await JobSite.CreateAsync(kind);
        await site.MakeDueAsync();
        await using (var server = await site.StartServerAsync())
        {
            await site.UntilAtWorkAsync();
            await server.KillAsync();
        }

        var left = await site.LeftAsync(site.Deleted);
        Assert.InRange(left ?? 0, 1, JobSite.Messages - 1);
        await using var next = await site.StartServerAsync();
        await site.UntilCompleteAsync();

        await site.CheckAsync();
        var runs = await site.RunsAsync();
        Assert.Equal([JobOutcome.Interrupted, JobOutcome.Complete], runs.Select(run => run.Outcome));
        Assert.Equal(left!.Value + 1L, runs[1].Removed);
    }

    [EachDatabase]
    public async Task A_job_ends_as_soon_as_its_server_is_asked_to_stop_and_goes_on_with_the_next(DatabaseKind kind)
    {
        await using var site = await JobSite.CreateAsync(kind);
        await site.MakeDueAsync();
        await using (var server = await site.StartServerAsync())
        {
            await site.UntilAtWorkAsync();
            Assert.Equal(0, await server.TerminateAsync(Cancelled).WaitAsync(Grace, Cancelled));
            Assert.Single(server.Log, line => line.Contains("Job deleted-chats removed", StringComparison.Ordinal));
        }

        Assert.NotNull(await site.LeftAsync(site.Deleted));
        await using var next = await site.StartServerAsync();
        await site.UntilCompleteAsync();

        await site.CheckAsync();
        var runs = await site.RunsAsync();
        Assert.Equal([JobOutcome.Stopped, JobOutcome.Complete], runs.Select(run => run.Outcome));
        Assert.Equal(JobSite.Rows, runs.Sum(run => run.Removed));
    }

    [Fact]
    public async Task Two_servers_on_one_database_run_a_due_job_once()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var site = await JobSite.CreateAsync(DatabaseKind.Postgres);
        await using var first = await site.StartServerAsync();
        await using var second = await site.StartServerAsync();
        await site.UntilAsync("both take part", async () => await site.ReplicasAsync() >= 2);

        await site.MakeDueAsync();
        await site.UntilCompleteAsync();

        await site.CheckAsync();
        Assert.Equal(JobSite.Rows, Assert.Single(await site.RunsAsync()).Removed);
        Assert.Single(first.Log.Concat(second.Log), line => line.Contains("Job deleted-chats removed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_job_whose_database_goes_away_goes_on_when_it_is_back()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var site = await JobSite.CreateAsync(DatabaseKind.Postgres);
        await site.MakeDueAsync();
        await using var door = site.OpenDoor();
        await using var server = await site.StartServerAsync(door);
        await site.UntilAtWorkAsync();

        door.Shut();
        await site.UntilAsync("the job says so", () => Task.FromResult(server.Log.Any(line => line.Contains("could not go on", StringComparison.Ordinal))));
        door.Open();
        await site.UntilCompleteAsync();

        await site.CheckAsync();
        Assert.DoesNotContain(server.Log, line => line.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_stops_in_time_though_its_job_waits_for_a_database_that_is_away()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var site = await JobSite.CreateAsync(DatabaseKind.Postgres);
        await site.MakeDueAsync();
        await using var door = site.OpenDoor();
        await using var server = await site.StartServerAsync(door);
        await site.UntilAtWorkAsync();
        door.Shut();

        Assert.Equal(0, await server.TerminateAsync(Cancelled).WaitAsync(Grace, Cancelled));

        await using var next = await site.StartServerAsync();
        await site.UntilCompleteAsync();
        await site.CheckAsync();
    }
}
