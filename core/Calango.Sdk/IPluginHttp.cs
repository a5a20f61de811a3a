namespace Calango.Sdk;

/// <summary>
/// HTTP for plugins. Clients share the generation's connections, which are closed with it. Thread-safe.
/// </summary>
public interface IPluginHttp
{
    /// <summary>
    /// A client without a time limit of its own (the caller's token ends a request), that follows no redirects, keeps
    /// no cookies and uses no proxy. A response stream that passes a limit throws <see cref="ProviderException"/> with
    /// <see cref="ProviderErrorKind.StreamTooLarge"/>.
    /// </summary>
    HttpClient CreateClient(HttpLimits limits);

    /// <summary>
    /// Reads an address that a model or a stranger gave: only of the public web, on ports 80 and 443, whatever it redirects
    /// to, unless the server's settings name its host.
    /// </summary>
    /// <exception cref="ProviderException">
    /// <see cref="ProviderErrorKind.Forbidden"/> without a status: it is not of the public web. <see cref="ProviderErrorKind.TimedOut"/>
    /// and <see cref="ProviderErrorKind.StreamTooLarge"/>: it passed a limit. Others as their names say.
    /// </exception>
    Task<WebDocument> ReadPublicAsync(Uri address, WebLimits limits, CancellationToken cancellationToken);
}

/// <summary>How much of a response is read before it is cut. Sizes in bytes.</summary>
/// <param name="MaxLineBytes">The longest line of a streamed answer: .NET's SSE parser has no limit of its own.</param>
/// <param name="MaxBodyBytes">The whole body, after decompression.</param>
public sealed record HttpLimits(int MaxLineBytes = 1024 * 1024, long MaxBodyBytes = 64L * 1024 * 1024);

/// <summary>How much of the web is read for one address.</summary>
/// <param name="MaxBytes">The largest body, after decompression.</param>
/// <param name="Time">For all of it, redirects included.</param>
/// <param name="Accept">The media types wanted.</param>
public sealed record WebLimits(long MaxBytes, TimeSpan Time, string Accept = "*/*");

/// <summary>What was found at an address.</summary>
/// <param name="Address">Where it was found in the end.</param>
/// <param name="MediaType">As its server says; null: it doesn't.</param>
/// <param name="Charset">As its server says; null: it doesn't.</param>
/// <param name="Body">The bytes.</param>
public sealed record WebDocument(Uri Address, string? MediaType, string? Charset, byte[] Body);
