using System.Net.Sockets;
using System.Security.Authentication;
using Calango.Sdk;

namespace Calango.Plugins.Langfuse;

/// <summary>Maps what goes wrong on the way to the service to a <see cref="ProviderException"/>.</summary>
internal static class Failures
{
    /// <summary>What to throw in place of an exception.</summary>
    public static Exception From(Exception exception, CancellationToken cancellationToken) =>
        cancellationToken.IsCancellationRequested ? new OperationCanceledException(cancellationToken)
        : Inner<ProviderException>(exception) is { } ours ? ours
        : KindOf(exception) is { } kind ? new ProviderException(kind)
        : exception;

    // Null for what did not happen on the network: a fault of ours must not look like one of the service's.
    private static ProviderErrorKind? KindOf(Exception exception) => Inner<HttpRequestException>(exception)?.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => ProviderErrorKind.HostNotFound,
        HttpRequestError.SecureConnectionError => ProviderErrorKind.InsecureConnection,
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError => ProviderErrorKind.UnexpectedFormat,
        HttpRequestError.ConnectionError => IsUnknownHost(exception) ? ProviderErrorKind.HostNotFound : ProviderErrorKind.Unreachable,
        _ when Inner<AuthenticationException>(exception) is not null => ProviderErrorKind.InsecureConnection,
        _ when Inner<InvalidDataException>(exception) is not null => ProviderErrorKind.UnexpectedFormat,
        _ when Inner<HttpRequestException>(exception) is not null || Inner<IOException>(exception) is not null => ProviderErrorKind.ConnectionLost,
        _ => null,
    };

    private static bool IsUnknownHost(Exception exception) =>
        Inner<SocketException>(exception) is { SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData };

    private static T? Inner<T>(Exception? exception) where T : Exception
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            if (exception is T found)
            {
                return found;
            }
        }

        return null;
    }
}
