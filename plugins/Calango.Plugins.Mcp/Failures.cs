using System.Net;
using Calango.Sdk;
using ModelContextProtocol;

namespace Calango.Plugins.Mcp;

/// <summary>Makes the contract's failures out of all that can go wrong on the way to a server.</summary>
internal static class Failures
{
    /// <param name="exception">What went wrong.</param>
    /// <param name="lastErrors">What a program said before it died; null: it is none, or lives.</param>
    public static ProviderException From(Exception exception, IReadOnlyList<string>? lastErrors) => exception switch
    {
        ProviderException provider => provider,
        _ when lastErrors is not null => new ProviderException(ProviderErrorKind.LocalModelUnavailable, string.Join('\n', lastErrors.TakeLast(5))),
        ChildProcessException child => new ProviderException(ProviderErrorKind.LocalModelUnavailable, child.Message),
        HttpRequestException http => OfHttp(http),
        McpProtocolException protocol => new ProviderException(ProviderErrorKind.InvalidRequest, protocol.Message),
        _ when exception.InnerException is ProviderException or HttpRequestException => From(exception.InnerException, lastErrors),
        TimeoutException or OperationCanceledException => new ProviderException(ProviderErrorKind.TimedOut),
        McpException mcp => new ProviderException(ProviderErrorKind.UnexpectedFormat, mcp.Message),
        IOException or ObjectDisposedException => new ProviderException(ProviderErrorKind.ConnectionLost),
        _ => new ProviderException(ProviderErrorKind.UnexpectedFormat),
    };

    /// <summary>Whether nothing more is to be had over the connection. A call that went wrong leaves it as it was.</summary>
    public static bool EndsConnection(ProviderException failure) =>
        failure.Kind is not (ProviderErrorKind.InvalidRequest or ProviderErrorKind.ModelNotFound or ProviderErrorKind.TimedOut or ProviderErrorKind.RateLimited);

    private static ProviderException OfHttp(HttpRequestException exception) => new(
        exception switch
        {
            { StatusCode: HttpStatusCode.Unauthorized } => ProviderErrorKind.Unauthorized,
            { StatusCode: HttpStatusCode.Forbidden } => ProviderErrorKind.Forbidden,
            { StatusCode: HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed or HttpStatusCode.Gone } => ProviderErrorKind.EndpointNotFound,
            { StatusCode: HttpStatusCode.TooManyRequests } => ProviderErrorKind.RateLimited,
            { StatusCode: >= HttpStatusCode.InternalServerError } => ProviderErrorKind.ServiceFailed,
            { StatusCode: not null } => ProviderErrorKind.InvalidRequest,
            { HttpRequestError: HttpRequestError.NameResolutionError } => ProviderErrorKind.HostNotFound,
            { HttpRequestError: HttpRequestError.SecureConnectionError } => ProviderErrorKind.InsecureConnection,
            { HttpRequestError: HttpRequestError.ConnectionError } => ProviderErrorKind.Unreachable,
            _ => ProviderErrorKind.ConnectionLost,
        },
        statusCode: (int?)exception.StatusCode);
}
