using Calango.Core.Chat;
using Calango.Web.Markdown;
using Calango.Web.Pages.Chat;
using Calango.Web.Text;

namespace Calango.Web.Streams;

/// <summary>One reader of one turn: follows the log and writes what changed, once a wake.</summary>
internal sealed class TurnEventStream(TurnLog log, long after, MarkdownRenderer renderer, string idPrefix, bool cites, PageText text, SseWriter events)
{
    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(10);
    private readonly HashSet<Guid> shownUses = [];
    private MarkdownStream markdown = new(renderer, idPrefix, cites);
    private long sequence = after;
    private long reasoningLength;
    private int textLength;
    private TurnProgress? progress;

    /// <summary>Renders a call of a tool, and the calls that wait for a person's word.</summary>
    public required Func<ToolUse, Task<string>> RenderUse { get; init; }

    /// <inheritdoc cref="RenderUse"/>
    public required Func<IReadOnlyList<ToolUse>, Task<string>> RenderAsks { get; init; }

    /// <summary>Goes on until the turn has ended and its last event is sent.</summary>
    public async Task RunAsync(Func<Task<string>> renderEnd, CancellationToken cancellationToken)
    {
        // A proxy, and the page's own onopen, wait for the first byte.
        events.Heartbeat();
        var slice = CatchUp();
        while (true)
        {
            await WriteAsync(slice);
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

        var shown = all.Text[..^news.Text.Length];
        var from = 0;
        foreach (var (use, _) in all.Uses.Where(logged => logged.BeganAt <= sequence))
        {
            shownUses.Add(use.Id);
            from = Math.Clamp(use.Offset, from, shown.Length);
        }

        BeginPart();
        markdown.Skip(shown[from..]);
        (textLength, reasoningLength) = (shown.Length, all.Reasoning.Length - news.Reasoning.Length);
        return news;
    }

    private async Task WriteAsync(TurnLogSlice slice)
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

        await WriteTextAsync(slice);
        if (slice.Asks is { } asks)
        {
            events.Begin("asks"u8);
            events.Data(await RenderAsks(asks));
            events.End();
        }

        // Last, and once: a connection that breaks between two events of one wake must get both again.
        events.Id(sequence);
    }

    private async Task WriteTextAsync(TurnLogSlice slice)
    {
        var from = 0;
        foreach (var (use, _) in slice.Uses)
        {
            if (shownUses.Add(use.Id))
            {
                var to = Math.Clamp(use.Offset - textLength, from, slice.Text.Length);
                markdown.Append(slice.Text[from..to]);
                WriteBlocks(markdown.Render(ended: true));
                from = to;
                BeginPart();
            }

            events.Begin("block"u8);
            events.Data(await RenderUse(use));
            events.End();
        }

        if (slice.Text.Length > from || slice.Ended)
        {
            markdown.Append(slice.Text[from..]);
            WriteBlocks(markdown.Render(slice.Ended));
        }

        textLength += slice.Text.Length;
    }

    private void BeginPart() => markdown = new MarkdownStream(renderer, AnswerPart.Prefix(idPrefix, shownUses.Count), cites);

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
