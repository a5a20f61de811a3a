using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>The upgrade of a database that is cut off, done by two at once, or must not be done.</summary>
public sealed class UpgradeTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task R24_An_upgrade_that_is_killed_at_any_step_is_done_by_the_next_start(DatabaseKind kind)
    {
        var whole = await OldDatabase.UpgradedAsync(kind, CancellationToken);
        (bool HasData, int Step)[] cases = [.. from hasData in new[] { true, false } from step in Enumerable.Range(1, hasData ? whole.StepsWithData : whole.Steps) select (hasData, step)];
        Random.Shared.Shuffle(cases);
        var tried = cases.Take(FaultRuns.Count(brief: 2, full: cases.Length)).ToList();
        await FaultRuns.RunAsync(kind, tried.Count, async run =>
        {
            var (hasData, step) = tried[run - 1];
            await using var old = await OldDatabase.CreateAsync(kind, hasData, CancellationToken);
            await old.KillServerAtAsync(step, CancellationToken);
            await using var server = await ServerProcess.StartAsync(old.Database, old.Folder);
            await AssertServesAsync(server);
            return [.. (await old.BreaksAsync(whole, CancellationToken)).Select(line => $"{line} (killed at step {step}, {(hasData ? "with data" : "from nothing")})")];
        });
    }

    [Fact]
    public async Task R24_Two_servers_that_start_together_upgrade_once_and_both_serve()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        var whole = await OldDatabase.UpgradedAsync(DatabaseKind.Postgres, CancellationToken);
        await FaultRuns.RunAsync(DatabaseKind.Postgres, FaultRuns.Count(brief: 1, full: 5), async _ =>
        {
            await using var old = await OldDatabase.CreateAsync(DatabaseKind.Postgres, hasData: true, CancellationToken);
            var servers = await Task.WhenAll(ServerProcess.StartAsync(old.Database, old.Folder), ServerProcess.StartAsync(old.Database, old.Folder));
            foreach (var server in servers)
            {
                await AssertServesAsync(server);
                await server.DisposeAsync();
            }

            return await old.BreaksAsync(whole, CancellationToken);
        });
    }

    [Fact]
    public async Task R24_Of_two_servers_that_start_together_on_SQLite_one_upgrades_and_the_other_says_whose_it_is()
    {
        var whole = await OldDatabase.UpgradedAsync(DatabaseKind.Sqlite, CancellationToken);
        await FaultRuns.RunAsync(DatabaseKind.Sqlite, FaultRuns.Count(brief: 1, full: 5), async _ =>
        {
            await using var old = await OldDatabase.CreateAsync(DatabaseKind.Sqlite, hasData: true, CancellationToken);
            var starts = new[] { ServerProcess.StartAsync(old.Database, old.Folder), ServerProcess.StartAsync(old.Database, old.Folder) };
            await ((Task)Task.WhenAll(starts)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await using (var server = await Assert.Single(starts, start => start.IsCompletedSuccessfully))
            {
                await AssertServesAsync(server);
                Assert.Contains($"Another Calango (process {server.Id}) uses ", Assert.Single(starts, start => start.IsFaulted).Exception!.InnerException!.Message, StringComparison.Ordinal);
            }

            return await old.BreaksAsync(whole, CancellationToken);
        });
    }

    [Fact]
    public async Task R24_A_server_that_waits_for_another_ones_upgrade_lives_and_does_it_when_the_other_is_killed()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        var whole = await OldDatabase.UpgradedAsync(DatabaseKind.Postgres, CancellationToken);
        await FaultRuns.RunAsync(DatabaseKind.Postgres, FaultRuns.Count(brief: 1, full: 5), async _ =>
        {
            await using var old = await OldDatabase.CreateAsync(DatabaseKind.Postgres, hasData: true, CancellationToken);
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}") };
            var folder = TestFolders.NewTemporary("waiting");
            Task<ServerProcess>? waiting = null;
            await old.KillServerAtAsync(Random.Shared.Next(1, whole.StepsWithData + 1), CancellationToken, async () =>
            {
                waiting = ServerProcess.StartAsync(old.Database, folder, [KeyValuePair.Create("CALANGO_URLS", (string?)http.BaseAddress.ToString())]);
                await Eventually.HoldsAsync("the other one lives", () => LivesAsync(http), CancellationToken);
            });
            await using (var server = await waiting!)
            {
                await AssertServesAsync(server);
            }

            TestFolders.Delete(folder);
            return await old.BreaksAsync(whole, CancellationToken);
        });
    }

    [EachDatabase]
    public Task R24_An_older_server_refuses_a_newer_database_and_leaves_it_as_it_is(DatabaseKind kind) => FaultRuns.RunAsync(kind, 1, async _ =>
    {
        await using var old = await OldDatabase.CreateAsync(kind, hasData: true, CancellationToken);
        await old.ExecuteAsync("""INSERT INTO "__EFMigrationsHistory" ("MigrationId", "ProductVersion") VALUES ('99990101000000_FromTheFuture', '99.0.0')""", CancellationToken);
        var before = await old.StateAsync(CancellationToken);

        var (exitCode, error, _) = await ServerProcess.RefusalAsync(old.Database, old.Folder, [], CancellationToken);

        Assert.Equal(1, exitCode);
        Assert.Equal("The database was written by a newer Calango (it has '99990101000000_FromTheFuture'). Start that version, or restore an older backup.", error.Trim());
        Assert.Equal(before, await old.StateAsync(CancellationToken));
        return [];
    });

    private static async Task AssertServesAsync(ServerProcess server)
    {
        using var visitor = server.Visit();
        await visitor.GetAsync("/", CancellationToken);
    }

    private static async Task<bool> LivesAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync("/health/live", CancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
