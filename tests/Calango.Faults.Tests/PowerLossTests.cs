using Calango.Tests.Fixtures;
using Npgsql;

namespace Calango.Faults.Tests;

/// <summary>A PostgreSQL that loses power: all that it had confirmed is there afterwards.</summary>
public sealed class PowerLossTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [Fact]
    public async Task R27_Every_message_that_was_taken_is_there_after_PostgreSQL_lost_its_power()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var postgres = await PostgresServer.StartAsync(durable: true);
        await FaultRuns.RunAsync(DatabaseKind.Postgres, FaultRuns.Count(brief: 2, full: 30), async (installation, run) =>
        {
            Assert.Equal(("on", "on", "on"), (await SettingAsync(installation, "fsync"), await SettingAsync(installation, "synchronous_commit"), await SettingAsync(installation, "full_page_writes")));
            using var tab = await installation.OpenTabAsync(CancellationToken);
            var sent = await tab.SendAsync($"Run {run}, long [[n=200 r=40]]", cancellationToken: CancellationToken);
            var reader = tab.Read(sent.Page);
            var following = reader.FollowToTheEndAsync(CancellationToken);
            await tab.SavePromptAsync(sent.ConversationId, $"Run {run}", CancellationToken);
            using var over = new CancellationTokenSource();
            var sending = Enumerable.Range(1, 4).Select(sender => SendAsync(tab, $"Run {run}, sender {sender}", over.Token)).ToList();

            await Task.Delay(Random.Shared.Next(200, 1500), CancellationToken);
            await postgres.CrashAsync();
            await Task.Delay(Random.Shared.Next(500), CancellationToken);
            await postgres.RestartAsync();
            await Eventually.HoldsAsync("the server is ready again", async () => (await tab.Http.GetAsync("/health/ready", CancellationToken)).IsSuccessStatusCode, CancellationToken);
            await over.CancelAsync();
            await Task.WhenAll(sending);
            await following;
            Assert.Equal("Complete", reader.State);
        }, new Conditions { Postgres = postgres });
    }

    [Fact]
    public async Task R27_A_PostgreSQL_that_confirms_what_it_may_lose_is_named_in_the_log()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await FaultRuns.RunAsync(DatabaseKind.Postgres, async installation =>
        {
            await installation.OpenTabAsync(CancellationToken);
            var line = Assert.Single(installation.Server.Log, line => line.Contains("may lose what it has confirmed", StringComparison.Ordinal));
            Assert.Contains("fsync", line, StringComparison.Ordinal);
            Assert.Contains("synchronous_commit", line, StringComparison.Ordinal);
        });
    }

    private static async Task SendAsync(Tab tab, string text, CancellationToken over)
    {
        for (var number = 1; !over.IsCancellationRequested; number++)
        {
            await tab.TrySendAsync($"{text}, message {number} [[n=3]]", conversationId: null, Guid.CreateVersion7(), CancellationToken);
        }
    }

    private static async Task<string?> SettingAsync(Installation installation, string name)
    {
        await using var connection = new NpgsqlConnection(installation.Postgres);
        await connection.OpenAsync(CancellationToken);
        await using var command = new NpgsqlCommand($"SHOW {name}", connection);
        return (string?)await command.ExecuteScalarAsync(CancellationToken);
    }
}
