using System.Globalization;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

public sealed class KillTests(ITestOutputHelper output)
{
    private const int LongestLife = 2500;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    private static int Runs => int.TryParse(Environment.GetEnvironmentVariable("CALANGO_FAULT_RUNS"), CultureInfo.InvariantCulture, out var runs) ? runs : 4;

    [EachDatabase]
    public async Task A_server_killed_while_it_answers_loses_nothing(DatabaseKind kind)
    {
        await using var installation = await Installation.StartAsync(kind, CancellationToken);
        var breaks = new List<string>();
        for (var run = 1; run <= Runs; run++)
        {
            await LiveAndDieAsync(installation, run);
            await installation.RestartAsync();
            breaks.AddRange((await installation.Oracle.BreaksAsync(CancellationToken)).Select(line => $"run {run}: {line}"));
        }

        var worst = installation.Oracle.WorstLoss;
        output.WriteLine($"{kind}: runs {Runs}, breaks {breaks.Count}");
        output.WriteLine($"{installation.Ledger.Messages.Count} messages taken; the worst loss was {worst.Words} words, up to {worst.Age.TotalMilliseconds:0} ms old");
        Assert.Empty(breaks);
    }

    [EachDatabase]
    public async Task An_answer_cut_by_a_kill_is_continued_where_it_was(DatabaseKind kind)
    {
        await using var installation = await Installation.StartAsync(kind, CancellationToken);
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
        await installation.Oracle.CheckAsync(CancellationToken);
    }

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
