using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Calango.Core.Tests.Chat;

public sealed class KeepingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_long_answer_is_stored_while_it_comes(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        kernel.Upstream.Enqueue(new UpstreamReply { Tokens = 400, HoldAfter = 300 });
        var turn = await kernel.SendAsync("Much");

        await CheckpointOfAsync(kernel, turn, UpstreamReply.WordsOf(300));

        kernel.Upstream.Release();
        Assert.Equal(TurnState.Complete, (await kernel.EndOfAsync(turn)).State);
        Assert.Equal(UpstreamReply.WordsOf(400), (await kernel.ShownAsync(turn.ConversationId))[^1]);
    }

    [EachDatabase]
    public async Task A_fault_while_answers_are_stored_ends_neither_the_server_nor_the_answer(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        await ExecuteAsync(kernel, "ALTER TABLE turn_traces RENAME TO hidden");
        kernel.Upstream.Enqueue(new UpstreamReply { Tokens = 400, HoldAfter = 300 });
        var turn = await kernel.SendAsync("Much");

        await Eventually.HoldsAsync("the fault is logged", () => Task.FromResult(kernel.Log.Text.Contains("could not be stored: unexpected", StringComparison.Ordinal)), Token);
        Assert.DoesNotContain("Much", kernel.Log.Text, StringComparison.Ordinal);
        await ExecuteAsync(kernel, "ALTER TABLE hidden RENAME TO turn_traces");

        await CheckpointOfAsync(kernel, turn, UpstreamReply.WordsOf(300));
        Assert.False(kernel.Get<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
        kernel.Upstream.Release();
        Assert.Equal(TurnState.Complete, (await kernel.EndOfAsync(turn)).State);
        Assert.Equal(UpstreamReply.WordsOf(400), (await kernel.ShownAsync(turn.ConversationId))[^1]);
    }

    [Fact]
    public async Task A_checkpoint_that_waited_for_the_end_of_its_turn_changes_nothing_any_more()
    {
        await using var kernel = await ChatKernel.StartAsync(DatabaseKind.Postgres);
        var turn = await kernel.AskAsync("Hello");
        var text = (await kernel.ShownAsync(turn.ConversationId))[^1];
        await ExecuteAsync(kernel, $"""UPDATE turns SET "State" = {(int)TurnState.Running} WHERE "Id" = '{turn.Id}'""");
        var database = kernel.Get<Database>();
        var checkpoint = Task.FromResult(true);

        await database.WriteAsync(async db =>
        {
            await TurnAnswer.StoreAsync(db, turn.Id, text, null, Token);
            checkpoint = database.WriteAsync(older => TurnAnswer.StoreAsync(older, turn.Id, "older", null, Token), Token);
            await Eventually.HoldsAsync(
                "the checkpoint waits",
                async () => await db.Database.SqlQuery<int>($"SELECT count(*)::int AS \"Value\" FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").SingleAsync(Token) == 1,
                Token);
            await db.Set<Turn>().Where(row => row.Id == turn.Id).ExecuteUpdateAsync(set => set.SetProperty(row => row.State, TurnState.Complete), Token);
        }, Token);

        Assert.False(await checkpoint);
        Assert.Equal(text, (await kernel.ShownAsync(turn.ConversationId))[^1]);
    }

    private static Task ExecuteAsync(ChatKernel kernel, string sql) =>
        kernel.Get<Database>().WriteAsync(db => db.Database.ExecuteSqlRawAsync(sql, Token), Token);

    // Reads the row itself, past the log in memory, until the checkpoint is there; the test's own time limit is the bound.
    private static async Task CheckpointOfAsync(ChatKernel kernel, Turn turn, string text)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await kernel.Get<Database>().ReadAsync(db => db.Set<Message>().Where(message => message.Id == turn.Id).Select(message => message.Text).SingleAsync(Token), Token) != text)
        {
            await timer.WaitForNextTickAsync(Token);
        }
    }
}
