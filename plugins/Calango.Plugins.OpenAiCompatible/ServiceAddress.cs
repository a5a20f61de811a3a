using System.Text.RegularExpressions;
using Calango.Sdk;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>Makes the base address out of what people paste: with or without /v1, with a slash at its end, or the address of one endpoint.</summary>
internal static partial class ServiceAddress
{
    /// <summary>The base address, without a slash at its end.</summary>
    /// <param name="address">As entered.</param>
    /// <param name="isVersionedByQuery">The version is in the query (Azure), so that none belongs into the path.</param>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.InvalidSettings"/>: it is no http or https address.</exception>
    public static Uri Normalize(Uri? address, bool isVersionedByQuery)
    {
        if (address is not { IsAbsoluteUri: true, Scheme: "http" or "https" })
        {
            throw new ProviderException(ProviderErrorKind.InvalidSettings, "address");
        }

        var path = Endpoint().Replace(address.AbsolutePath.TrimEnd('/'), "");
        var isVersioned = isVersionedByQuery || VersionSegment().IsMatch(path);
        return new Uri(address.GetLeftPart(UriPartial.Authority) + path + (isVersioned ? "" : "/v1"));
    }

    /// <summary>The base address without its version, where a server's own endpoints are.</summary>
    public static Uri RootOf(Uri baseAddress) =>
        new(baseAddress.GetLeftPart(UriPartial.Authority) + TrailingVersion().Replace(baseAddress.AbsolutePath, "") + "/");

    [GeneratedRegex("/(chat/completions|completions|embeddings|models|responses)$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Endpoint();

    [GeneratedRegex(@"/v\d+[a-z0-9]*(/|$)", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex VersionSegment();

    [GeneratedRegex(@"/v\d+[a-z0-9]*$|/$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TrailingVersion();
}
