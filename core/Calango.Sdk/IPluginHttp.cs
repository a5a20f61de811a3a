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
}

/// <summary>How much of a response is read before it is cut. Sizes in bytes.</summary>
/// <param name="MaxLineBytes">The longest line of a streamed answer: .NET's SSE parser has no limit of its own.</param>
/// <param name="MaxBodyBytes">The whole body, after decompression.</param>
public sealed record HttpLimits(int MaxLineBytes = 1024 * 1024, long MaxBodyBytes = 64L * 1024 * 1024);
