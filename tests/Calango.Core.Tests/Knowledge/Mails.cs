namespace Calango.Core.Tests.Knowledge;

/// <summary>Mails as a test needs them.</summary>
internal static class Mails
{
    public static string WithAttachment(string subject, string text, string name, string content) =>
        $"""
        From: Ana <ana@example.org>
        To: Rui <rui@example.org>
        Date: Mon, 5 Jan 2026 10:00:00 +0000
        Subject: {subject}
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="b"

        --b
        Content-Type: text/plain; charset=utf-8

        {text}
        --b
        Content-Type: text/plain; name="{name}"
        Content-Disposition: attachment; filename="{name}"
        Content-Transfer-Encoding: base64

        {Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(content))}
        --b--

        """;
}
