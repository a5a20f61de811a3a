using Calango.Core.Chat;

namespace Calango.Core.Tests.Chat;

public sealed class TurnLogTests
{
    [Fact]
    public async Task Readers_that_join_anywhere_read_the_same_text_whole()
    {
        using var pulse = new TurnPulse(TimeProvider.System);
        var log = new TurnLog(pulse);
        var readers = Enumerable.Range(0, 8).Select(_ => Task.Run(() => ReadAllAsync(log))).ToList();

        for (var i = 0; i < 1_000; i++)
        {
            log.AppendText($"{i} ");
            if (i % 100 == 0)
            {
                readers.Add(Task.Run(() => ReadAllAsync(log)));
                await Task.Yield();
            }
        }

        log.End();
        var whole = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"{i} "));
        Assert.All(await Task.WhenAll(readers), text => Assert.Equal(whole, text));
    }

    [Fact]
    public void Any_sequence_is_a_place_to_go_on_from()
    {
        using var pulse = new TurnPulse(TimeProvider.System);
        var log = new TurnLog(pulse);
        log.AppendReasoning("think ");
        log.AppendText("one ");
        log.AppendText("two ");

        Assert.Equal(("think ", "one two ", 3), (log.Read(0).Reasoning, log.Read(0).Text, log.Sequence));
        Assert.Equal(("", "two "), (log.Read(2).Reasoning, log.Read(2).Text));
        Assert.Equal("", log.Read(99).Text);
    }

    private static async Task<string> ReadAllAsync(TurnLog log)
    {
        var text = "";
        for (var slice = log.Read(0); ; slice = log.Read(slice.Sequence))
        {
            text += slice.Text;
            if (slice.Ended)
            {
                return text;
            }

            await log.WaitAsync(slice.Sequence, TestContext.Current.CancellationToken);
        }
    }
}
