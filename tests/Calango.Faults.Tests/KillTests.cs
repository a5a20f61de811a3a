using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>A server that is killed while it answers.</summary>
public sealed class KillTests
{
    private const int LongestLife = 2500;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public Task R01_A_server_killed_while_it_answers_loses_nothing(DatabaseKind kind) => FaultRuns.RunAsync(kind, FaultRuns.Count(brief: 4, full: 100), async (installation, run) =>
    {
        await LiveAndDieAsync(installation, run);
        await installation.RestartAsync();
    });

    [EachDatabase]
    public Task R01_An_answer_cut_by_a_kill_is_continued_where_it_was(DatabaseKind kind) => FaultRuns.RunAsync(kind, async installation =>
    {
        var (chat, turn) = (Guid.Empty, Guid.Empty);
        using (var before = await installation.OpenTabAsync(CancellationToken))
        {
            var sent = await before.SendAsync("Tell me a story. [[n=400 r=100]]", cancellationToken: CancellationToken);
            (chat, turn) = (sent.ConversationId, sent.TurnId);
            var reader = before.Read(sent.Page);
            await reader.FollowAsync(() => PageReader.WordsOf(reader.Text) > 150, cancellationToken: CancellationToken);
            await installation.KillAsync();
        }

        await installation.RestartAsync();
        await installation.Oracle.CheckAsync(CancellationToken);

        using var after = await installation.OpenTabAsync(CancellationToken);
        var cut = PageReader.TextOf((await after.OpenAsync(chat, CancellationToken)).GetElementById($"message-{turn}")!).Trim();
        await after.PressAsync($"/chat/{chat}/messages/{turn}/continuation", CancellationToken);
        var continued = await after.ReadAsync(chat, CancellationToken);
        await continued.FollowToTheEndAsync(CancellationToken);
        Assert.NotEqual("", cut);
        Assert.StartsWith(cut, continued.Text, StringComparison.Ordinal);
        Assert.Equal("Complete", continued.State);
    });

    // Two answers are followed and short messages are sent all the while, until the server dies at a moment that nobody chose.
    private static async Task LiveAndDieAsync(Installation installation, int run)
    {
        using var tab = await installation.OpenTabAsync(CancellationToken);
        var first = await FollowAsync(tab, $"Run {run}, first [[n=3000 r=200]]");
        var second = await FollowAsync(tab, $"Run {run}, second [[n=3000 r=60]]");
        await tab.SavePromptAsync(first.Chat, $"Run {run}", CancellationToken);
        var sending = SendUntilItBreaksAsync(tab, run);
        await Task.Delay(Random.Shared.Next(LongestLife), CancellationToken);
        await installation.KillAsync();
        await Task.WhenAll(first.Following, second.Following, sending);
    }

    private static async Task<(Guid Chat, Task Following)> FollowAsync(Tab tab, string text)
    {
        var sent = await tab.SendAsync(text, cancellationToken: CancellationToken);
        return (sent.ConversationId, tab.Read(sent.Page).FollowAsync(cancellationToken: CancellationToken));
    }

    private static async Task SendUntilItBreaksAsync(Tab tab, int run)
    {
        try
        {
            for (var number = 1; ; number++)
            {
                await tab.SendAsync($"Run {run}, message {number} [[n=3]]", cancellationToken: CancellationToken);
            }
        }
        catch (HttpRequestException)
        {
            // The server is dead. Whether it took this one, nobody was told.
        }
    }
}
