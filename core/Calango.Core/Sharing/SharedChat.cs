using System.Globalization;
using System.Text.RegularExpressions;
using Calango.Core.Chat;

namespace Calango.Core.Sharing;

/// <summary>
/// What others see of a chat: the path that is shown, and nothing of whose it is. Thoughts, calls of tools, settings, files, other branches, and how an
/// answer came about are no part of it.
/// </summary>
/// <param name="Title">Its title; null: it has none.</param>
/// <param name="Messages">Oldest first.</param>
public sealed record SharedChat(string? Title, IReadOnlyList<SharedMessage> Messages)
{
    internal static SharedChat Of(PathPage page) => new(page.Conversation.Title, [.. page.Messages.Select(SharedMessage.Of)]);
}

/// <summary>A message of it.</summary>
/// <param name="Role">Who wrote it.</param>
/// <param name="Text">Markdown; of a question plain text.</param>
public sealed partial record SharedMessage(MessageRole Role, string Text)
{
    /// <summary>The model that answered, for people; empty: documents are quoted; null: a person wrote it.</summary>
    public string? Model { get; init; }

    /// <summary>It was still being written.</summary>
    public bool IsUnfinished { get; init; }

    /// <summary>The sources that it names.</summary>
    public IReadOnlyList<SharedSource> Sources { get; init; } = [];

    internal static SharedMessage Of(MessageView view)
    {
        var text = TextOf(view);
        return new SharedMessage(view.Message.Role, text)
        {
            Model = view is { Turn: { } turn, Message.Edited: false } ? turn.Model == QuotedAnswer.Model ? "" : turn.ModelName : null,
            IsUnfinished = view.Turn is { IsRunning: true },
            Sources = view.Sources.Count > 0 ? SourcesOf(view, text) : [],
        };
    }

    // What was written before the call of a tool and what was written after it are no one sentence.
    private static string TextOf(MessageView view)
    {
        if (view.Uses.Count == 0)
        {
            return view.Message.Text;
        }

        var (text, from, parts) = (view.Message.Text, 0, new List<string>());
        foreach (var use in view.Uses)
        {
            var to = Math.Clamp(use.Offset, from, text.Length);
            parts.Add(text[from..to]);
            from = to;
        }

        return string.Join("\n\n", parts.Append(text[from..]).Select(part => part.Trim()).Where(part => part.Length > 0));
    }

    private static List<SharedSource> SourcesOf(MessageView view, string text)
    {
        var named = Citation().Matches(text).SelectMany(match => match.Groups[1].Value.Split(',')).Select(number => int.Parse(number.Trim(), CultureInfo.InvariantCulture)).ToHashSet();
        return [.. view.Sources.Where(source => named.Contains(source.Number)).Select(source => new SharedSource(source.Number, source.DocumentName, source.Page))];
    }

    [GeneratedRegex(@"\[( *[0-9]{1,2} *(?:, *[0-9]{1,2} *)*)\]")]
    private static partial Regex Citation();
}

/// <summary>A source that an answer names. Its text is no part of what is shared.</summary>
/// <param name="Number">By which the answer names it.</param>
/// <param name="Name">The document.</param>
/// <param name="Page">The page; null: there are none.</param>
public sealed record SharedSource(int Number, string Name, int? Page);
