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
    public async Task Answers_that_are_stored_together_keep_their_own_words(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        string[] texts = ["plain \"words\" and a \\n that is none", "coração, 日本語 and 🦎 {\"Id\": null}", "'quoted' $1 {0} @p0 -- %"];
        var turns = new List<Turn>();
        foreach (var text in texts)
        {
            turns.Add(await kernel.SendAsync($"[[say=1 hold={text.Split(' ').Length}]] {text} end"));
        }

        foreach (var (turn, text) in turns.Zip(texts))
        {
            await CheckpointOfAsync(kernel, turn, text + " ");
        }

        kernel.Upstream.Release();
        foreach (var (turn, text) in turns.Zip(texts))
        {
            Assert.Equal(TurnState.Complete, (await kernel.EndOfAsync(turn)).State);
            Assert.Equal(text + " end", (await kernel.ShownAsync(turn.ConversationId))[^1]);
        }
    }

    [EachDatabase]
    public async Task A_checkpoint_between_the_halves_of_a_character_keeps_the_rest(DatabaseKind database)
    {
        await using var kernel = await ChatKernel.StartAsync(database);
        var turn = await kernel.AskAsync("Hello");
        await ExecuteAsync(kernel, $"""UPDATE turns SET "State" = {(int)TurnState.Running} WHERE "Id" = '{turn.Id.ToString().ToUpperInvariant()}'""");

        Assert.True(await kernel.Get<Database>().WriteAsync(db => new TurnAnswer(turn.Id, "a lizard: \uD83E", "so\uD83E").StoreAsync(db, Token), Token));

        Assert.Equal("a lizard: \uFFFD", await StoredAsync(kernel, turn));
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
            await new TurnAnswer(turn.Id, text, null).StoreAsync(db, Token);
            checkpoint = database.WriteAsync(older => new TurnAnswer(turn.Id, "older", null).StoreAsync(older, Token), Token);
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
        while (await StoredAsync(kernel, turn) != text)
        {
            await timer.WaitForNextTickAsync(Token);
        }
    }

    private static Task<string> StoredAsync(ChatKernel kernel, Turn turn) => kernel.Get<Database>().ReadAsync(
        db => db.Set<Message>().Where(message => message.Id == turn.Id).Select(message => message.Text).SingleAsync(Token), Token);
}
