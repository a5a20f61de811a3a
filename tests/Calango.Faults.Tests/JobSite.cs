using System.Data.Common;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Jobs;
using Calango.Core.Search;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Proxy;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Calango.Faults.Tests;

/// <summary>
/// A database with a long chat that was deleted long ago and one that wasn't, and a schedule by which the first should have
/// been removed while no server ran. The test starts the servers.
/// </summary>
internal sealed class JobSite : IAsyncDisposable
{
    /// <summary>How many messages each of the chats has: some seconds' work.</summary>
    public const int Messages = 3_000;

    /// <summary>What removing one of the chats removes.</summary>
    public const int Rows = Messages + 1;

    private const string Job = "deleted-chats";

    private readonly TestDatabase _database;
    private readonly ServiceProvider _data;
    private readonly string _folder = TestFolders.NewTemporary("jobs");

    private JobSite(TestDatabase database)
    {
        _database = database;
        _data = new ServiceCollection().AddCalangoData(new DatabaseOptions { Postgres = database.Options.Postgres, SqlitePath = Path.Combine(_folder, "calango.db") })
            .AddSingleton<MessageIndex>().BuildServiceProvider();
    }

    /// <summary>The chat that was deleted.</summary>
    public Guid Deleted { get; private set; }

    /// <summary>The one that wasn't.</summary>
    public Guid Neighbour { get; private set; }

    /// <summary>The data, read past the servers.</summary>
    public Database Data => _data.GetRequiredService<Database>();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<JobSite> CreateAsync(DatabaseKind kind)
    {
        var site = new JobSite(await TestDatabase.CreateAsync(kind));
        await using (var server = await site.StartServerAsync())
        {
            await site.UntilAsync("the job is in the schedule", async () => await site.ScheduledAsync() == 1);
            Assert.Equal(0, await server.TerminateAsync(Cancelled));
        }

        site.Deleted = await site.AddChatAsync(DateTimeOffset.UnixEpoch.AddYears(50));
        site.Neighbour = await site.AddChatAsync(null);
        return site;
    }

    /// <summary>A door to the database, for servers; it is open.</summary>
    public TcpProxy OpenDoor() => _database.OpenProxy();

    /// <param name="door">The server's way to the database; null: its own.</param>
    public Task<ServerProcess> StartServerAsync(TcpProxy? door = null) =>
        ServerProcess.StartAsync(_database, _folder, door is null ? null : [new("CALANGO_POSTGRES", $"{_database.ThroughProxy(door)};Password=canary-5520")]);

    /// <summary>The job should have run before now.</summary>
    public Task MakeDueAsync() => ExecuteAsync(
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"UPDATE qrtz_triggers SET next_fire_time = {TimeProvider.System.GetUtcNow().AddSeconds(-1).UtcTicks} WHERE trigger_name = '{Job}'"));

    /// <summary>How many servers have said in the schedule that they take part.</summary>
    public async Task<long> ReplicasAsync() => Convert.ToInt64(await ExecuteAsync("SELECT count(*) FROM qrtz_scheduler_state"), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The runs of the job, in their order.</summary>
    public Task<List<JobRun>> RunsAsync() => Data.ReadAsync(db => db.Set<JobRun>().Where(run => run.Job == Job).OrderBy(run => run.Id).ToListAsync(Cancelled), Cancelled);

    /// <summary>How many messages a chat has left; null: the chat is gone.</summary>
    public Task<int?> LeftAsync(Guid chatId) => Data.ReadAsync(async db =>
        await db.Set<Conversation>().AnyAsync(chat => chat.Id == chatId, Cancelled) ? await db.Set<Message>().CountAsync(message => message.ConversationId == chatId, Cancelled) : (int?)null, Cancelled);

    /// <summary>Waits until the job is at work, and not for so long that it could be done.</summary>
    public Task UntilAtWorkAsync() => UntilAsync("some of the chat is removed", async () => (await RunsAsync()).LastOrDefault() is { Removed: > 0, Outcome: JobOutcome.Running });

    /// <summary>Waits until a run of the job has come to its end: a replica is known to be gone only after it has been silent for a while.</summary>
    public Task UntilCompleteAsync() => Eventually.HoldsAsync(
        "the job has come to its end", async () => (await RunsAsync()).LastOrDefault() is { Outcome: JobOutcome.Complete }, Cancelled, TimeSpan.FromMinutes(3));

    /// <summary>The deleted chat is gone with all that was in it, and nothing of its neighbour is.</summary>
    public async Task CheckAsync()
    {
        Assert.Null(await LeftAsync(Deleted));
        Assert.Equal(Messages, await LeftAsync(Neighbour));
        var sql = _database.Kind == DatabaseKind.Sqlite ? "SELECT count(*) AS \"Value\" FROM search_words" : "SELECT count(*)::int AS \"Value\" FROM search_entries";
        Assert.Equal(Messages, await Data.ReadAsync(db => db.Database.SqlQueryRaw<int>(sql).SingleAsync(Cancelled), Cancelled));
    }

    public Task UntilAsync(string what, Func<Task<bool>> condition) => Eventually.HoldsAsync(what, condition, Cancelled);

    public async ValueTask DisposeAsync()
    {
        await _data.DisposeAsync();
        await _database.DisposeAsync();
        TestFolders.Delete(_folder);
    }

    private Task<Guid> AddChatAsync(DateTimeOffset? deletedAt) => Data.WriteAsync(async db =>
    {
        var index = _data.GetRequiredService<MessageIndex>();
        var now = TimeProvider.System.GetUtcNow();
        var chat = new Conversation { Id = Guid.CreateVersion7(now), AccountId = Account.LocalId, CreatedAt = now, ActiveAt = now, DeletedAt = deletedAt, LastSequence = Messages };
        db.Add(chat);
        for (var number = 1; number <= Messages; number++)
        {
            db.Add(new Message { Id = Guid.CreateVersion7(now), ConversationId = chat.Id, ParentId = chat.HeadId, Sequence = number, Depth = number, Text = $"Message {number}", CreatedAt = now });
        }

        await db.SaveChangesAsync(Cancelled);
        foreach (var message in db.ChangeTracker.Entries<Message>().Select(entry => entry.Entity).ToList())
        {
            await index.AddAsync(db, new IndexedText(message.Id, chat.Id, Account.LocalId, message.Text), Cancelled);
        }

        return chat.Id;
    }, Cancelled);

    private async Task<long> ScheduledAsync()
    {
        try
        {
            return Convert.ToInt64(await ExecuteAsync($"SELECT count(*) FROM qrtz_triggers WHERE trigger_name = '{Job}'"), System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (DbException)
        {
            return 0; // not even the table is there
        }
    }

    private async Task<object?> ExecuteAsync(string sql)
    {
        await using DbConnection connection = _database.Options.Postgres is { } postgres
            ? new NpgsqlConnection(postgres)
            : new SqliteConnection($"Data Source={Path.Combine(_folder, "jobs.db")};Pooling=false");
        await connection.OpenAsync(Cancelled);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteScalarAsync(Cancelled);
    }
}
