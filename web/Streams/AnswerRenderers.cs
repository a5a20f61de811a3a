using System.Collections.Concurrent;
using Calango.Core.Localization;
using Calango.Web.Markdown;

namespace Calango.Web.Streams;

/// <summary>One Markdown renderer for each language, made when first needed. Thread-safe.</summary>
public sealed class AnswerRenderers(Locales locales)
{
    private readonly ConcurrentDictionary<string, MarkdownRenderer> renderers = new();

    /// <summary>What the ids of an answer's blocks begin with.</summary>
    public static string IdPrefix(Guid answerId) => $"a{answerId:N}";

    /// <summary>The renderer for readers of a language.</summary>
    public MarkdownRenderer For(string language) => renderers.GetOrAdd(language, Make);

    private MarkdownRenderer Make(string language)
    {
        return new MarkdownRenderer(new MarkdownLabels
        {
            Copy = Text("copy"),
            Copied = Text("copied"),
            Wrap = Text("wrap"),
            ShowSource = Text("showSource"),
            ShowDiagram = Text("showDiagram"),
            Code = Text("code"),
            Table = Text("table"),
            ImageAt = Text("imageAt"),
            Done = Text("done"),
            NotDone = Text("notDone"),
        });

        string Text(string key) => locales.Text(language, $"answer.{key}");
    }
}
