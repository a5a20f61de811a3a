using System.Text;
using System.Text.RegularExpressions;

namespace Calango.Tests.Support.Mail;

/// <summary>A message as a mail server got it.</summary>
/// <param name="From">From whom, as the envelope says.</param>
/// <param name="To">To whom, as the envelope says.</param>
/// <param name="Source">Its headers and its body.</param>
public sealed partial record ReceivedMail(string From, IReadOnlyList<string> To, string Source)
{
    /// <summary>The body as text, decoded.</summary>
    public string Text => Part("text/plain");

    /// <summary>The body as HTML, decoded.</summary>
    public string Html => Part("text/html");

    /// <summary>The path of the link in it.</summary>
    public string Link => new Uri(LinkIn().Match(Text).Value).PathAndQuery;

    /// <summary>A header's value.</summary>
    public string Header(string name) => Regex.Match(Source, $"^{name}: (.*?)\r?$", RegexOptions.Multiline).Groups[1].Value;

    private string Part(string type)
    {
        var begin = Source.IndexOf($"Content-Type: {type}", StringComparison.Ordinal);
        var blank = Source.IndexOf("\r\n\r\n", begin, StringComparison.Ordinal);
        var (headers, body) = (Source[begin..blank], Source[(blank + 4)..]);
        body = body[..body.IndexOf("\r\n--", StringComparison.Ordinal)];
        return headers.Contains("base64", StringComparison.Ordinal) ? Encoding.UTF8.GetString(Convert.FromBase64String(body))
            : headers.Contains("quoted-printable", StringComparison.Ordinal) ? Unquote(body) : body;
    }

    private static string Unquote(string text)
    {
        var joined = text.Replace("=\r\n", "", StringComparison.Ordinal);
        var bytes = new List<byte>();
        for (var at = 0; at < joined.Length; at++)
        {
            if (joined[at] == '=')
            {
                bytes.Add(Convert.ToByte(joined.Substring(at + 1, 2), 16));
                at += 2;
            }
            else
            {
                bytes.Add((byte)joined[at]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }

    [GeneratedRegex(@"https?://[^\s/]+/\S*[A-Za-z0-9_-]")]
    private static partial Regex LinkIn();
}
