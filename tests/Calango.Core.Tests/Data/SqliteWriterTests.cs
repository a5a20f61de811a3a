using Calango.Core.Data;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Tests.Data;

public sealed class SqliteWriterTests : IAsyncLifetime
{
    private readonly string _folder = TestFolders.NewTemporary("writer");
    private ServiceProvider? _services;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private Database Database => _services!.GetRequiredService<Database>();

    public ValueTask InitializeAsync() => OpenAsync(_folder);

    public async ValueTask DisposeAsync()
    {
        await _services!.DisposeAsync();
        TestFolders.Delete(_folder);
    }

    [Fact]
    public async Task A_unit_that_fails_takes_nothing_with_it()
    {
        var release = HoldTheWriter();
        var before = AddAsync("before");
        var failing = Database.WriteAsync(
            async db =>
            {
                await InsertAsync(db, "failing");
                throw new InvalidDataException();
            }, CancellationToken);
        var after = AddAsync("after");
        release.SetResult();

        await Assert.ThrowsAsync<InvalidDataException>(() => failing);
        await Task.WhenAll(before, after);

        Assert.Equal(["before", "after"], await NotesAsync());
    }

    [Fact]
    public async Task Units_that_wait_together_share_one_commit()
    {
        var release = HoldTheWriter();
        var first = AddAsync("first");
        var second = Database.WriteAsync(
            async db => (Inside: await CountAsync(db), Outside: await Database.ReadAsync(CountAsync, CancellationToken)), CancellationToken);
        release.SetResult();
        await first;

        // Committed apart, the first would be seen from the outside while the second runs.
        Assert.Equal((1, 0), await second);
        Assert.Equal(["first"], await NotesAsync());
    }

    [Fact]
    public async Task A_unit_that_is_cancelled_before_its_turn_never_runs()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(CancellationToken);
        var release = HoldTheWriter();
        var cancelled = Database.WriteAsync(db => InsertAsync(db, "cancelled"), cancel.Token);
        var other = AddAsync("other");
        await cancel.CancelAsync();
        release.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await other;

        Assert.Equal(["other"], await NotesAsync());
    }

    [Fact]
    public async Task A_unit_runs_in_the_context_of_who_asked_for_it()
    {
        var asking = new AsyncLocal<string>();
        var release = HoldTheWriter();
        var units = new[] { "Ana", "Bruno" }.Select(person =>
        {
            asking.Value = person;
            return Database.WriteAsync(_ => Task.FromResult(asking.Value), CancellationToken);
        }).ToList();
        asking.Value = "nobody";
        release.SetResult();

        Assert.Equal(["Ana", "Bruno"], await Task.WhenAll(units));
    }

    [Fact]
    public async Task What_a_unit_tracked_is_unknown_to_the_next()
    {
        var release = HoldTheWriter();
        var first = Database.WriteAsync(db =>
        {
            db.Add(new Core.Identity.Account { Id = Guid.CreateVersion7() });
            return Task.CompletedTask;
        }, CancellationToken);
        var second = Database.WriteAsync(db => db.SaveChangesAsync(CancellationToken), CancellationToken);
        release.SetResult();
        await first;

        Assert.Equal(0, await second);
    }

    [Fact]
    public async Task After_the_end_of_the_server_nothing_is_accepted_and_what_was_queued_is_stored()
    {
        var release = HoldTheWriter();
        var queued = AddAsync("queued");
        var closing = _services!.GetRequiredService<SqliteWriter>().DisposeAsync();
        var late = AddAsync("late");
        release.SetResult();
        await closing;

        await queued;
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => late);
        Assert.Equal(["queued"], await NotesAsync());
    }

    [Fact]
    public async Task A_full_disk_fails_the_whole_batch_and_room_lets_the_writer_work_again()
    {
        Assert.SkipWhen(SmallDisk.WhyNot is not null, SmallDisk.WhyNot ?? "");
        await using var disk = await SmallDisk.MountAsync(megabytes: 6);
        try
        {
            await _services!.DisposeAsync();
            await OpenAsync(disk.Folder);
            await AddAsync("kept");
            disk.Fill();

            var release = HoldTheWriter();
            var small = AddAsync("small");
            var large = AddAsync(new string('x', 4_000_000));
            release.SetResult();

            await Assert.ThrowsAsync<StorageFullException>(() => large);
            await Assert.ThrowsAsync<StorageFullException>(() => small);
            Assert.Equal(["kept"], await NotesAsync());
            disk.MakeRoom();
            await AddAsync("again");
            Assert.Equal(["kept", "again"], await NotesAsync());
        }
        finally
        {
            await _services!.DisposeAsync();
        }
    }

    private async ValueTask OpenAsync(string folder)
    {
        _services = new ServiceCollection().AddCalangoData(new DatabaseOptions { SqlitePath = Path.Combine(folder, "calango.db") }).BuildServiceProvider();
        await _services.GetRequiredService<DatabaseUpgrade>().RunAsync(CancellationToken);
        await Database.WriteAsync(db => db.Database.ExecuteSqlAsync($"CREATE TABLE notes (text TEXT NOT NULL)", CancellationToken), CancellationToken);
    }

    /// <summary>Keeps the writer busy with a batch of its own, so that what is queued meanwhile is the next.</summary>
    private TaskCompletionSource HoldTheWriter()
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _ = Database.WriteAsync(
            async _ =>
            {
                started.SetResult();
                await release.Task;
            }, CancellationToken);
        Assert.True(started.Task.Wait(TimeSpan.FromSeconds(20), CancellationToken));
        return release;
    }

    private Task AddAsync(string text) => Database.WriteAsync(db => InsertAsync(db, text), CancellationToken);

    private static Task InsertAsync(CalangoDb db, string text) => db.Database.ExecuteSqlAsync($"INSERT INTO notes VALUES ({text})", CancellationToken);

    private static async Task<int> CountAsync(CalangoDb db) => (await TextsAsync(db)).Count;

    private Task<List<string>> NotesAsync() => Database.ReadAsync(TextsAsync, CancellationToken);

    private static Task<List<string>> TextsAsync(CalangoDb db) => db.Database.SqlQuery<string>($"SELECT text FROM notes ORDER BY rowid").ToListAsync(CancellationToken);
}
