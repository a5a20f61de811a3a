using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Anthropic.Exceptions;
using Calango.Sdk;

namespace Calango.Plugins.Anthropic;

/// <summary>Maps everything that can go wrong on the way to a service to a <see cref="ProviderException"/>.</summary>
internal static class Failures
{
    /// <summary>What to throw in place of an exception; the key is taken out of whatever the service said.</summary>
    public static Exception From(Exception exception, string? apiKey, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException(cancellationToken);
        }

        return exception switch
        {
            _ when Inner<ProviderException>(exception) is { } ours => ours,
            AnthropicSseException told => FromEvent(told).ToException(statusCode: null, apiKey: apiKey),
            AnthropicInvalidDataException or JsonException or InvalidOperationException or FormatException => new ProviderException(ProviderErrorKind.UnexpectedFormat),
            _ => KindOf(exception) is { } kind ? new ProviderException(kind) : exception,
        };
    }

    // The SDK hands an error event on as a sentence with the event's JSON in it.
    private static ErrorBody FromEvent(AnthropicSseException told)
    {
        var (start, end) = (told.Message.IndexOf('{', StringComparison.Ordinal), told.Message.LastIndexOf('}'));
        return start >= 0 && end > start ? ErrorBody.Parse(Encoding.UTF8.GetBytes(told.Message[start..(end + 1)])) : ErrorBody.None;
    }

    // Null for what did not happen on the network: a fault of ours must not look like one of the service's.
    private static ProviderErrorKind? KindOf(Exception exception) => Inner<HttpRequestException>(exception)?.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => ProviderErrorKind.HostNotFound,
        HttpRequestError.SecureConnectionError => ProviderErrorKind.InsecureConnection,
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError or HttpRequestError.VersionNegotiationError => ProviderErrorKind.UnexpectedFormat,
        HttpRequestError.ConnectionError => IsUnknownHost(exception) ? ProviderErrorKind.HostNotFound : ProviderErrorKind.Unreachable,
        HttpRequestError.ResponseEnded => ProviderErrorKind.ConnectionLost,
        _ when Inner<OperationCanceledException>(exception) is not null || Inner<TimeoutException>(exception) is not null => ProviderErrorKind.TimedOut,
        _ when Inner<System.Security.Authentication.AuthenticationException>(exception) is not null => ProviderErrorKind.InsecureConnection,
        _ when Inner<InvalidDataException>(exception) is not null => ProviderErrorKind.UnexpectedFormat,
        _ when Inner<IOException>(exception) is not null || Inner<SocketException>(exception) is not null || Inner<HttpRequestException>(exception) is not null =>
            ProviderErrorKind.ConnectionLost,
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
