using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Tests.Support.Webhooks;
using Calango.Web.Tests.Models;
using Npgsql;

namespace Calango.Web.Tests.Webhooks;

/// <summary>Webhooks where several servers share a database, and where one dies.</summary>
public sealed class WebhookReplicaTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_servers_tell_each_turn_once_and_what_a_killed_one_was_telling_is_told_by_the_next_with_the_same_id()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var receiver = WebhookReceiver.Start(ServerProcess.FreePort());
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Postgres);
        var (here, elsewhere) = (TestFolders.NewTemporary("webhook-one"), TestFolders.NewTemporary("webhook-two"));
        var settings = new Dictionary<string, string?> { ["CALANGO_WEB_ALLOWEDHOSTS"] = receiver.Address.Authority };
        await using var first = await ServerProcess.StartAsync(database, here, settings);
        using var ana = first.Visit();
        var start = await ana.PostAsync("/models/connections/new", Cancelled, ConnectionFields.Of(upstream.Address.ToString()));
        var model = start.QuerySelector("[name=Model]")!.GetAttribute("value")!;
        await ana.PostAsync("/models/titles", Cancelled, ("_method", "PUT"), ("Mode", "Off"));
        var (page, secret) = await WebhookTests.AddAsync(ana, receiver);
        string killedId;
        await using (var second = await ServerProcess.StartAsync(database, elsewhere, settings))
        {
            using var there = second.Visit();
            await there.GetAsync("/", Cancelled);

            await Task.WhenAll(Enumerable.Range(0, 20).Select(number => (number % 2 == 0 ? ana : there).PostAsync("/messages", Cancelled, ("Text", "Go"), ("Model", model))));

            await Eventually.HoldsAsync("all are told", async () => (await ana.GetAsync(page, Cancelled)).QuerySelectorAll("#messages .badge:not(.badge--idle)").Length == 20, Cancelled);
            Assert.Equal(20, receiver.Received.Count);
            Assert.Equal(20, receiver.Received.Select(message => message.Data.GetProperty("id").GetString()).Distinct().Count());
            Assert.All(receiver.Received, message => Assert.True(message.IsSignedWith(secret, TimeProvider.System.GetUtcNow())));

            await first.KillAsync();
            var never = new TaskCompletionSource();
            receiver.BeforeAnswering = never.Task;
            await there.PostAsync("/messages", Cancelled, ("Text", "Go"), ("Model", model));
            killedId = (await WebhookTests.ReceivedAsync(receiver, 21)).Id;
            await second.KillAsync();
            never.SetResult();
            Assert.DoesNotContain(second.Log, line => line.Contains("canary-8842", StringComparison.Ordinal) || line.Contains(secret["whsec_".Length..], StringComparison.Ordinal));
        }

        await LetTheClaimEndAsync(database);
        await using var next = await ServerProcess.StartAsync(database, here, settings);

        Assert.Equal(killedId, (await WebhookTests.ReceivedAsync(receiver, 22)).Id);
        await next.KillAsync();
        TestFolders.Delete(here);
        TestFolders.Delete(elsewhere);
    }

    // A minute, in which nobody else sends what the killed server may be sending.
    private static async Task LetTheClaimEndAsync(TestDatabase database)
    {
        await using var connection = new NpgsqlConnection(database.Options.Postgres);
        await connection.OpenAsync(Cancelled);
        await using var command = new NpgsqlCommand("UPDATE webhook_deliveries SET \"ClaimedUntil\" = \"ClaimedUntil\" - interval '10 minutes' WHERE \"ClaimedUntil\" IS NOT NULL", connection);
        Assert.Equal(1, await command.ExecuteNonQueryAsync(Cancelled));
    }
}
