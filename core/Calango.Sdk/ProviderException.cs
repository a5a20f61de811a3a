namespace Calango.Sdk;

/// <summary>
/// A model service did not do what was asked. Carries strings and numbers only, so that nothing of a plugin's own code
/// is kept alive by an exception that outlives it. People are shown a sentence chosen by <see cref="Kind"/>.
/// </summary>
public sealed class ProviderException : Exception
{
    /// <summary>Makes one. <paramref name="serviceMessage"/> is cut to 500 characters; it must not contain a key.</summary>
    public ProviderException(ProviderErrorKind kind, string? serviceMessage = null, int? statusCode = null, TimeSpan? retryAfter = null)
        : base(statusCode is null ? kind.ToString() : $"{kind} ({statusCode})")
    {
        Kind = kind;
        StatusCode = statusCode;
        RetryAfter = retryAfter;
        ServiceMessage = serviceMessage is { Length: > 500 } ? serviceMessage[..500] : serviceMessage;
    }

    /// <summary>What went wrong.</summary>
    public ProviderErrorKind Kind { get; }

    /// <summary>What the service itself said: a stranger's words, shown quoted and never interpreted, never logged.</summary>
    public string? ServiceMessage { get; }

    /// <summary>The HTTP status, where there was one.</summary>
    public int? StatusCode { get; }

    /// <summary>How long the service asks to wait.</summary>
    public TimeSpan? RetryAfter { get; }
}

/// <summary>The ways a model service fails, told apart as far as a person can act differently on them.</summary>
public enum ProviderErrorKind
{
    /// <summary>A setting is missing or of the wrong form; nothing was sent.</summary>
    InvalidSettings,

    /// <summary>The host's name does not resolve.</summary>
    HostNotFound,

    /// <summary>Nothing listens there, or the network does not reach it.</summary>
    Unreachable,

    /// <summary>The TLS handshake failed: certificate, name or protocol.</summary>
    InsecureConnection,

    /// <summary>The service answered 401: the key is missing, wrong or expired.</summary>
    Unauthorized,

    /// <summary>The service answered 403: the key is known and may not do this.</summary>
    Forbidden,

    /// <summary>The service answered 402, or said that no balance or quota is left.</summary>
    PaymentRequired,

    /// <summary>The address answers, but not as this protocol: a wrong path.</summary>
    EndpointNotFound,

    /// <summary>The service does not know the model, or no longer.</summary>
    ModelNotFound,

    /// <summary>The prompt is longer than the model's window.</summary>
    ContextTooLong,

    /// <summary>The service refused the content.</summary>
    ContentRefused,

    /// <summary>The service found the request invalid (any other 4xx).</summary>
    InvalidRequest,

    /// <summary>429: too many requests.</summary>
    RateLimited,

    /// <summary>5xx: the service is in trouble.</summary>
    ServiceFailed,

    /// <summary>The answer is not of the expected form: HTML, another protocol, broken JSON.</summary>
    UnexpectedFormat,

    /// <summary>The connection broke while the answer came.</summary>
    ConnectionLost,

    /// <summary>A line or the whole answer passed its size limit.</summary>
    StreamTooLarge,

    /// <summary>The service took longer than the time limit.</summary>
    TimedOut,

    /// <summary>This machine cannot run the model now: memory, device or a missing file.</summary>
    LocalModelUnavailable,

    /// <summary>A text is longer than the window of the model that is to embed it.</summary>
    TextTooLong,
}
