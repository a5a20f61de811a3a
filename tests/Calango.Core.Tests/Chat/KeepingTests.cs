using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Microsoft.EntityFrameworkCore;

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
