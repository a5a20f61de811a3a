using Calango.Core.Knowledge;
using MimeKit;

namespace Calango.Extraction;

/// <summary>A mail: who wrote to whom and when, what, and the names of what was attached.</summary>
internal static class MailReader
{
    private static readonly string[] Shown = ["From", "To", "Cc", "Date", "Subject"];
    private static readonly string[] Locked = ["multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime"];

    public static void Read(string path, DocumentWriter document)
    {
        using var message = MimeMessage.Load(path);
        if (message.Body is { } body && Locked.Contains(body.ContentType.MimeType, StringComparer.OrdinalIgnoreCase))
        {
            throw new UnreadableException("encrypted");
        }

        document.Title = message.Subject;
        document.Heading(1, message.Subject ?? "");
        document.Add(UnitKind.Paragraph, string.Join('\n', Shown.Where(name => message.Headers.Contains(name)).Select(name => $"{name}: {Texts.OneLine(message.Headers[name] ?? "")}")));
        if (message.TextBody is { } text)
        {
            TextReaders.AddParagraphs(text, document);
        }
        else if (message.HtmlBody is { } html)
        {
            HtmlReader.ReadPage(html, document);
        }

        document.EndHeadings();
        document.Add(UnitKind.List, string.Join('\n', message.Attachments.Select(attachment => "- " + NameOf(attachment))));
    }

    /// <summary>Hands on each attachment with its name.</summary>
    public static void Attachments(string path, Action<string, Action<Stream>> keep)
    {
        using var message = MimeMessage.Load(path);
        foreach (var attachment in message.Attachments)
        {
            keep(NameOf(attachment), target => Write(attachment, target));
        }
    }

    private static void Write(MimeEntity attachment, Stream target)
    {
        if (attachment is MessagePart { Message: { } inner })
        {
            inner.WriteTo(target);
        }
        else if (attachment is MimePart { Content: { } content })
        {
            content.DecodeTo(target);
        }
    }

    // A path in it would say nothing to anybody.
    private static string NameOf(MimeEntity attachment) =>
        Texts.OneLine(attachment.ContentDisposition?.FileName ?? attachment.ContentType.Name ?? (attachment as MessagePart)?.Message?.Subject ?? attachment.ContentType.MimeType).Replace('\\', '/').Split('/')[^1];
}
