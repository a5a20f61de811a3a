using System.Net;
using Calango.Core.Localization;

namespace Calango.Core.Mail;

/// <summary>What a message says.</summary>
/// <param name="Subject">Its subject.</param>
/// <param name="Text">As text.</param>
/// <param name="Html">The same as HTML.</param>
internal sealed record MailLetter(string Subject, string Text, string Html)
{
    // A placeholder's value stands in a paragraph of its own where it is a link.
    private const string Paragraph = "\n\n";

    /// <summary>Writes one from its locale keys, <c>letter.{kind}.subject</c> and <c>letter.{kind}.text</c>.</summary>
    public static MailLetter Of(Locales locales, MailDraft draft)
    {
        var text = locales.Text(draft.Language, $"letter.{draft.Kind}.text", draft.Arguments);
        var paragraphs = text.Split(Paragraph).Select(paragraph => $"<p>{HtmlOf(paragraph)}</p>");
        return new MailLetter(
            OneLine(locales.Text(draft.Language, $"letter.{draft.Kind}.subject", draft.Arguments)),
            text,
            $"<!doctype html><html lang=\"{WebUtility.HtmlEncode(draft.Language)}\"><body>{string.Concat(paragraphs)}</body></html>");
    }

    /// <summary>Nothing of it: it may hold what opens an account.</summary>
    public override string ToString() => nameof(MailLetter);

    private static string HtmlOf(string paragraph) => WebUtility.HtmlEncode(paragraph) is var encoded && IsLink(paragraph) ? $"<a href=\"{encoded}\">{encoded}</a>" : encoded;

    private static bool IsLink(string paragraph) => Uri.TryCreate(paragraph, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    private static string OneLine(string text) => string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter));
}

/// <summary>A message that somebody is to get.</summary>
/// <param name="To">To which address; one of <see cref="MailAddresses"/>.</param>
/// <param name="Language">In which language.</param>
/// <param name="Kind">What it is about: its words are the locale keys <c>letter.{kind}.…</c>.</param>
/// <param name="Useful">After how long it is of no use any more.</param>
/// <param name="Arguments">What its words name.</param>
public sealed record MailDraft(string To, string Language, string Kind, TimeSpan Useful, params (string Name, string Value)[] Arguments)
{
    /// <summary>Without what it says.</summary>
    public override string ToString() => Kind;
}
