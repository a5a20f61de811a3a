using Calango.Core.Chat;
using Calango.Web.Markdown;
using Calango.Web.Text;

namespace Calango.Web.Streams;

/// <summary>One reader of one turn: follows the log and writes what changed, once a wake.</summary>
internal sealed class TurnEventStream(TurnLog log, long after, MarkdownRenderer renderer, string idPrefix, PageText text, SseWriter events)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private readonly MarkdownStream markdown = new(renderer, idPrefix);
    private long sequence = after;
    private long reasoningLength;
    private TurnProgress? progress;

    /// <summary>Goes on until the turn has ended and its last event is sent.</summary>
    public async Task RunAsync(Func<Task<string>> renderEnd, CancellationToken cancellationToken)
    {
        // A proxy, and the page's own onopen, wait for the first byte.
        events.Heartbeat();
        var slice = CatchUp();
        while (true)
        {
            Write(slice);
            if (slice.Ended)
            {
                break;
            }

            await events.FlushAsync(cancellationToken);
            await WaitAsync(cancellationToken);
            slice = log.Read(sequence);
        }

        events.Begin("end"u8);
        events.Data(await renderEnd());
        events.End();
        await events.FlushAsync(cancellationToken);
    }

    // What the page shows already is fed to the renderer, which must know where the open block begins, and not sent.
    private TurnLogSlice CatchUp()
    {
        TurnLogSlice all, news;
        do
        {
            news = log.Read(sequence);
            all = log.Read(0);
        }
        while (all.Sequence != news.Sequence);

        markdown.Skip(all.Text[..^news.Text.Length]);
        reasoningLength = all.Reasoning.Length - news.Reasoning.Length;
        return news;
    }

    private void Write(TurnLogSlice slice)
    {
        sequence = Math.Max(sequence, slice.Sequence);
        if (slice.Progress != progress)
        {
            progress = slice.Progress;
            WriteProgress();
        }

        if (slice.Reasoning.Length > 0)
        {
            WriteReasoning(slice.Reasoning);
        }

        if (slice.Text.Length > 0 || slice.Ended)
        {
            markdown.Append(slice.Text);
            WriteBlocks(markdown.Render(slice.Ended));
        }

        // Last, and once: a connection that breaks between two events of one wake must get both again.
        events.Id(sequence);
    }

    private void WriteProgress()
    {
        events.Begin("progress"u8);
        events.Data(progress!.Phase.ToString());
        events.Data(text.Progress(progress));
        events.End();
    }

    // With the place where it belongs: sent twice, it is written once.
    private void WriteReasoning(string added)
    {
        events.Begin("reasoning"u8);
        events.Data(reasoningLength);
        events.Data(added);
        events.End();
        reasoningLength += added.Length;
    }

    private void WriteBlocks(IReadOnlyList<BlockUpdate> updates)
    {
        if (updates.Count == 0)
        {
            return;
        }

        events.Begin("block"u8);
        foreach (var update in updates)
        {
            if (update.ParentId is { } parent)
            {
                events.Data($"<template data-into=\"{parent}\">{update.Html}</template>");
            }
            else
            {
                events.Data(update.Html);
            }
        }

        events.End();
    }

    private async Task WaitAsync(CancellationToken cancellationToken)
    {
        var change = log.WaitAsync(sequence, cancellationToken);
        while (!change.IsCompleted)
        {
            try
            {
                await change.WaitAsync(Heartbeat, cancellationToken);
            }
            catch (TimeoutException)
            {
                events.Heartbeat();
                await events.FlushAsync(cancellationToken);
            }
        }

        await change;
    }
}
