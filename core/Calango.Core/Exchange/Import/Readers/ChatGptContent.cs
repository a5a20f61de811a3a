using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Calango.Core.Exchange;

/// <summary>The text of a message of ChatGPT. What stands in it for something else, such as the mark of a source, becomes that, or goes.</summary>
internal static partial class ChatGptContent
{
    private const int MostReferences = 1_000;

    /// <summary>All that is said in it, as Markdown; empty: nothing.</summary>
    public static string TextOf(JsonElement message, JsonElement content, ImportLosses losses)
    {
        var text = content.Text("content_type") switch
        {
            "code" => CodeOf(message, content),
            "execution_output" or "computer_output" or "system_error" => content.Text("text") ?? content.Text("name") ?? "",
            "tether_browsing_display" => content.Text("result") ?? content.Text("summary") ?? "",
            "tether_quote" or "sonic_webpage" => string.Join("\n\n", new[] { LinkOf(content.Text("title"), content.Text("url")), content.Text("text") }.Where(part => !string.IsNullOrWhiteSpace(part))),
            _ => string.Join("\n\n", content.Items("parts").Select(part => PartOf(part, losses)).Where(part => part.Length > 0)) is { Length: > 0 } parts ? parts : content.Text("text") ?? "",
        };
        return WithoutMarks(text, message.Member("metadata") ?? default);
    }

    // A call is shown as what it is; code that is said is a block.
    private static string CodeOf(JsonElement message, JsonElement content)
    {
        var text = content.Text("text") ?? "";
        return text.Length == 0 || message.Text("recipient") is not (null or "all") ? text : $"```{(content.Text("language") is { } language && language != "unknown" ? language : "")}\n{text}\n```";
    }

    private static string PartOf(JsonElement part, ImportLosses losses)
    {
        if (part.TextOf() is { } text)
        {
            return text;
        }

        switch (part.Text("content_type"))
        {
            case "audio_transcription":
                return part.Text("text") ?? "";
            case "image_asset_pointer":
                losses.Note("image");
                return $"🖼 {part.Member("metadata", "dalle")?.Text("prompt")}".Trim();
            case "audio_asset_pointer" or "real_time_user_audio_video_asset_pointer" or "video_container_asset_pointer":
                losses.Note("audio");
                return "";
            default:
                losses.Note("unknownPart");
                return part.Text("text") ?? "";
        }
    }

    private static string WithoutMarks(string text, JsonElement metadata)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uE200', '\uE2FF') >= 0)
        {
            text = WithReferences(text, metadata);
        }

        return text.Contains('【', StringComparison.Ordinal) ? WithCitations(text, metadata) : text;
    }

    // A mark is a private character, what it stands for, and another one: "cite", "turn0search1", ….
    private static string WithReferences(string text, JsonElement metadata)
    {
        foreach (var reference in metadata.Items("content_references").Take(MostReferences))
        {
            if (reference.Text("matched_text") is { Length: > 1 } mark && mark.AsSpan().IndexOfAnyInRange('\uE200', '\uE2FF') >= 0)
            {
                text = text.Replace(mark, SourcesOf(reference), StringComparison.Ordinal);
            }
        }

        return PrivateCharacter().Replace(Mark().Replace(text, ""), "");
    }

    private static string SourcesOf(JsonElement reference)
    {
        if (reference.Text("alt") is { Length: > 0 } alt && alt.AsSpan().IndexOfAnyInRange('\uE200', '\uE2FF') < 0)
        {
            return $" {alt}";
        }

        var links = new StringBuilder();
        foreach (var item in reference.Items("items").Concat(reference.Items("sources")))
        {
            if (LinkOf(item.Text("title") ?? item.Text("attribution"), item.Text("url")) is { } link)
            {
                links.Append(links.Length > 0 ? ", " : "").Append(link);
            }
        }

        return links.Length > 0 ? $" ({links})" : "";
    }

    // Those of before: 【11†source】, whose sources are told by where in the text they stand.
    private static string WithCitations(string text, JsonElement metadata)
    {
        var sources = new Dictionary<int, string>();
        foreach (var citation in metadata.Items("citations"))
        {
            if (citation.Count("start_ix") is { } start && citation.Member("metadata") is { } source && LinkOf(source.Text("title"), source.Text("url")) is { } link)
            {
                sources.TryAdd(start, link);
            }
        }

        return Citation().Replace(text, match => sources.TryGetValue(match.Index, out var link) ? $" ({link})" : "");
    }

    private static string? LinkOf(string? title, string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? $"[{(string.IsNullOrWhiteSpace(title) ? uri.Host : title.Replace("[", "(", StringComparison.Ordinal).Replace("]", ")", StringComparison.Ordinal).ReplaceLineEndings(" "))}](<{uri.AbsoluteUri.Replace(">", "%3E", StringComparison.Ordinal)}>)"
            : string.IsNullOrWhiteSpace(title) ? null : title;

    [GeneratedRegex("\uE200[^\uE201]{0,400}\uE201")]
    private static partial Regex Mark();

    [GeneratedRegex("[\uE200-\uE2FF]")]
    private static partial Regex PrivateCharacter();

    [GeneratedRegex("【[^【】\n]{0,80}†[^【】\n]{0,200}】")]
    private static partial Regex Citation();
}
