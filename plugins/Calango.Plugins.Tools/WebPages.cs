using System.Net.Mime;
using System.Text;
using System.Text.RegularExpressions;
using Calango.Sdk;

namespace Calango.Plugins.Tools;

/// <summary>Reads pages of the web as text.</summary>
internal sealed partial class WebPages(IPluginHttp http)
{
    private static readonly WebLimits Limits = new(5 * 1024 * 1024, TimeSpan.FromSeconds(20), "text/html, text/plain, application/json, application/xml;q=0.9, text/*;q=0.8");

    /// <exception cref="ToolFailure">There is nothing to be read, with why.</exception>
    public async Task<string> ReadAsync(string url, int length, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(url.Trim(), UriKind.Absolute, out var address) || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
        {
            throw new ToolFailure("That is no http or https address.");
        }

        var document = await FetchAsync(address, cancellationToken).ConfigureAwait(false);
        var text = TextOf(document);
        return $"Address: {document.Address}\n\n{(text.Length > length ? $"{text[..length]}\n[cut after {length} characters of {text.Length}]" : text)}";
    }

    private async Task<WebDocument> FetchAsync(Uri address, CancellationToken cancellationToken)
    {
        try
        {
            return await http.ReadPublicAsync(address, Limits, cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException failure)
        {
            throw new ToolFailure(failure switch
            {
                { StatusCode: { } status } => $"The server answered {status}.",
                { Kind: ProviderErrorKind.Forbidden } => "This address is not of the public web, so it is not read.",
                { Kind: ProviderErrorKind.HostNotFound } => "The host's name does not resolve.",
                { Kind: ProviderErrorKind.Unreachable } => "The host cannot be reached.",
                { Kind: ProviderErrorKind.InsecureConnection } => "The host's certificate is not good.",
                { Kind: ProviderErrorKind.StreamTooLarge } => "The page is larger than 5 MiB.",
                { Kind: ProviderErrorKind.TimedOut } => "The page did not come within 20 seconds.",
                _ => "The page could not be read.",
            });
        }
    }

    private static string TextOf(WebDocument document) => document.MediaType switch
    {
        MediaTypeNames.Text.Html or "application/xhtml+xml" => ReadableText.Of(Decoded(document)),
        null or MediaTypeNames.Application.Json or MediaTypeNames.Application.Xml => Decoded(document),
        var type when type.StartsWith("text/", StringComparison.Ordinal) || type.EndsWith("+json", StringComparison.Ordinal) || type.EndsWith("+xml", StringComparison.Ordinal) => Decoded(document),
        var type => throw new ToolFailure($"This is {type}, which cannot be read as text."),
    };

    private static string Decoded(WebDocument document)
    {
        try
        {
            return Encoding.GetEncoding(document.Charset ?? DeclaredIn(document.Body) ?? "utf-8").GetString(document.Body);
        }
        catch (ArgumentException)
        {
            return Encoding.UTF8.GetString(document.Body);
        }
    }

    // Where the server says nothing the page itself may: <meta charset="…"> near its beginning.
    private static string? DeclaredIn(byte[] body) =>
        Declaration().Match(Encoding.Latin1.GetString(body.AsSpan(0, Math.Min(body.Length, 2048)))) is { Success: true } found ? found.Groups["name"].Value : null;

    [GeneratedRegex("<meta[^>]{0,200}charset=[\"']?(?<name>[A-Za-z0-9_-]{1,40})", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Declaration();
}
