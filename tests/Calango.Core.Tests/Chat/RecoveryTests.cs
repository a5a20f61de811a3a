using Calango.Core.Chat;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Calango.Core.Tests.Chat;

public sealed class RecoveryTests
{
    private const int Lost = 5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The test holds the search index until both have looked, so that they meet every time.</summary>
    [Fact]
    public async Task Two_replicas_that_find_the_same_lost_answers_recover_each_once()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var kernel = await ChatKernel.StartAsync(DatabaseKind.Postgres);
        var turns = new List<Turn>();
        for (var i = 0; i < Lost; i++)
        {
            turns.Add(await kernel.AskAsync($"Question {i}"));
        }

        await using var other = new NpgsqlConnection(kernel.Postgres);
        await other.OpenAsync(Token);
        await ExecuteAsync(other, """DELETE FROM search_entries WHERE "MessageId" IN (SELECT "Id" FROM turns)""");
        await using var held = new NpgsqlConnection(kernel.Postgres);
        await held.OpenAsync(Token);
        await using var hold = await held.BeginTransactionAsync(Token);
        await ExecuteAsync(held, "LOCK TABLE search_entries IN SHARE MODE");
        await ExecuteAsync(other, """UPDATE turns SET "State" = 1, "LeaseUntil" = '2020-01-01'""");
        var replicas = Enumerable.Range(0, 2).Select(_ => ActivatorUtilities.CreateInstance<TurnRecovery>(kernel.Get<IServiceProvider>())).ToList();

        var starts = replicas.ConvertAll(replica => Task.Run(() => replica.StartAsync(Token)));
        await Eventually.HoldsAsync("both have looked", async () => starts.Count(start => start.IsCompleted) + await WaitingAsync(other) >= 2, Token);
        await hold.RollbackAsync(Token);
        await Task.WhenAll(starts);

        foreach (var turn in turns)
        {
            var ended = await kernel.EndOfAsync(turn);
            Assert.Equal((TurnState.Interrupted, "server.lost"), (ended.State, ended.FailureCode));
        }

        foreach (var replica in replicas)
        {
            await replica.StopAsync(Token);
            replica.Dispose();
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
    }

    private static async Task<long> WaitingAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'", connection);
        return (long)(await command.ExecuteScalarAsync(Token))!;
    }
}
