using System.Security.Cryptography;
using System.Text;
using Calango.Core.Chat;

namespace Calango.Web.Exchange;

/// <summary>A chat as a document of its own: a page to be printed, or a file that needs nothing else. It runs no script and loads nothing.</summary>
/// <param name="Chat">The chat.</param>
/// <param name="Messages">The path that is shown.</param>
/// <param name="IsFile">It is a file; else a page.</param>
public sealed record DocumentView(Conversation Chat, IReadOnlyList<MessageView> Messages, bool IsFile)
{
    /// <summary>Its styles.</summary>
    public static readonly string Css = Read();

    /// <summary>What a browser may do with the file, which says so itself.</summary>
    public const string PolicyOfFile = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

    /// <summary>What it may do with the page.</summary>
    public static readonly string PolicyOfPage =
        $"default-src 'none'; style-src 'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(Css)))}'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    private static string Read()
    {
        using var reader = new StreamReader(typeof(DocumentView).Assembly.GetManifestResourceStream("document.css")!);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
