using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;

namespace Calango.Core.Jobs;

/// <summary>
/// Quartz on this installation's database: what is due is known over restarts and by all replicas, one of which runs it.
/// On SQLite the schedule has a file of its own, since Quartz writes past our one writer (docs/decisions/jobs.md). Quartz
/// is in a container of its own, made when it is needed, so that nobody's first page waits for it and nothing of what it
/// logs, which quotes exceptions, is written.
/// </summary>
internal sealed class Schedule(DatabaseOptions options, CleanUpRunner runner, JobRuns runs, IEnumerable<CleanUp> cleanUps, IEnumerable<Routine> routines, TimeProvider clock, ILogger<ScheduleTrouble> logger)
{
    // One after another: a clean-up is in no hurry, and turns share the processors with it.
    private const int AtOnce = 1;

    // In the end after some hours; the next night is another chance.
    private static readonly RetryPolicy AfterFailure = RetryPolicy.Exponential(6, TimeSpan.FromSeconds(15), factor: 4);
    private static readonly TimeSpan RetryDatabase = TimeSpan.FromSeconds(5);
    private volatile IScheduler? _running;

    /// <summary>Makes the tables where they are missing, puts down each clean-up and each routine, and begins to run what is due.</summary>
    public async Task<RunningSchedule> StartAsync(CancellationToken cancellationToken)
    {
        var factory = QuartzSchedulerBuilder.Create(Configure).Build();
        try
        {
            var scheduler = await factory.GetScheduler(cancellationToken);
            foreach (var cleanUp in cleanUps)
            {
                await PutDownAsync<CleanUpJob>(scheduler, cleanUp.Name, cleanUp.Cron, cancellationToken);
            }

            foreach (var routine in routines)
            {
                await PutDownAsync<RoutineJob>(scheduler, routine.Name, Routine.Cron, cancellationToken);
            }

            await scheduler.Start(cancellationToken);
            _running = scheduler;
            return new RunningSchedule(factory, clock);
        }
        catch
        {
            await factory.DisposeAsync();
            throw;
        }
    }

    /// <summary>When jobs are due, by their names; without those of which nothing can be said now.</summary>
    public async Task<IReadOnlyDictionary<string, JobDue>> DueAsync(IReadOnlyList<string> jobs, CancellationToken cancellationToken)
    {
        if (_running is not { } scheduler)
        {
            return new Dictionary<string, JobDue>();
        }

        try
        {
            var asked = await scheduler.QueryTriggers(new TriggerQuery { Group = GroupMatcher<TriggerKey>.GroupEquals(AskedRun.Group) }, cancellationToken);
            var askedFor = asked.Items.Select(trigger => trigger.JobKey.Name).ToHashSet(StringComparer.Ordinal);
            var usual = await scheduler.GetTriggers([.. jobs.Select(job => new TriggerKey(job))], cancellationToken);
            return usual.ToDictionary(trigger => trigger.Key.Name, trigger => new JobDue(trigger.NextFireTimeUtc, trigger.PreviousFireTimeUtc, askedFor.Contains(trigger.Key.Name)), StringComparer.Ordinal);
        }
        catch (SchedulerException)
        {
            return new Dictionary<string, JobDue>();
        }
    }

    /// <summary>Has a job run as soon as it can.</summary>
    /// <exception cref="RejectedException"><c>jobs.notNow</c>: the schedule has not begun, or cannot be reached.</exception>
    public async Task AskForAsync(string job, Guid? seen, CancellationToken cancellationToken)
    {
        try
        {
            var scheduler = _running ?? throw new RejectedException("jobs.notNow");
            var trigger = TriggerBuilder.Create(scheduler.TimeProvider).ForJob(new JobKey(job)).WithIdentity(AskedRun.KeyOf(job, seen)).StartNow().Build();
            await scheduler.ScheduleTrigger(trigger, TriggerConflict.Keep, cancellationToken);
        }
        catch (SchedulerException)
        {
            throw new RejectedException("jobs.notNow");
        }
    }

    private void Configure(IQuartzBuilder quartz) => quartz
        .ConfigureScheduler(scheduler =>
        {
            scheduler.InstanceName = "calango";
            scheduler.InstanceId = options.IsSqlite ? "local" : $"{Environment.MachineName}-{Guid.CreateVersion7():N}";
            scheduler.ShutdownJobInterruption = ShutdownJobInterruption.Always;
        })
        .UseTimeProvider(clock)
        .UseDefaultThreadPool(AtOnce)
        .UseJobFactory(new JobFactory(runner, runs, cleanUps, routines, logger))
        .AddSchedulerListener(new ScheduleTrouble(logger))
        .UsePersistentStore(UseDatabase);

    private void UseDatabase(IPersistentStoreBuilder store)
    {
        store.ProvisionSchema().ConfigureStore(tables =>
        {
            tables.RecoverFiringsCancelledByShutdown = true;
            tables.DbRetryInterval = RetryDatabase;
            // It goes on asking a database that is away, and its threads would keep the server from ending.
            tables.UseBackgroundThreads = true;
        });
        if (options.IsSqlite)
        {
            store.UseSqlite(SqliteFactory.Instance, DatabaseOptions.SqliteConnectionStringOf(SqliteFile));
        }
        else
        {
            store.UsePostgres(NpgsqlFactory.Instance, options.PostgresConnectionString).UseClustering();
        }
    }

    private string SqliteFile => Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.SqlitePath))!, "jobs.db");

    // What is there stays, with the time when it is due: a laptop that was off then does it at its next start.
    private static async Task PutDownAsync<TJob>(IScheduler scheduler, string name, string cron, CancellationToken cancellationToken) where TJob : IJob
    {
        var job = JobBuilder.Create<TJob>().WithIdentity(name).RequestRecovery().StoreDurably().Build();
        var trigger = TriggerBuilder.Create(scheduler.TimeProvider).ForJob(job.Key).WithIdentity(name)
            .WithCronSchedule(cron).WithRetryPolicy(AfterFailure).Build();
        await scheduler.AddJob(job, AddJobOptions.Replacing, cancellationToken);
        if (await scheduler.GetTrigger(trigger.Key, cancellationToken) is not ICronTrigger stored || stored.CronExpressionString != ((ICronTrigger)trigger).CronExpressionString)
        {
            await scheduler.ScheduleTrigger(trigger, TriggerConflict.Replace, cancellationToken);
        }

        // An older replica that is still up doesn't know a new job, and Quartz would leave it alone from then on.
        await scheduler.ResetTriggerFromErrorState(trigger.Key, cancellationToken);
    }
}
