using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using Calango.Sdk;

namespace Calango.Plugins.OpenAiCompatible;

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
            ClientResultException { Status: > 0 } failed => FromResponse(failed, apiKey),
            _ when Inner<ProviderException>(exception) is { } ours => ours,
            JsonException or InvalidOperationException or FormatException => new ProviderException(ProviderErrorKind.UnexpectedFormat),
            _ => KindOf(exception) is { } kind ? new ProviderException(kind) : exception,
        };
    }

    /// <summary>A stream that is none: a page of HTML, or one JSON object, which is mostly an error sent as a success.</summary>
    public static async Task ThrowUnlessEventStreamAsync(PipelineResponse response, string? apiKey, CancellationToken cancellationToken)
    {
        var type = response.Headers.TryGetValue("Content-Type", out var value) ? value ?? "" : "";
        var isJson = type.StartsWith("application/json", StringComparison.OrdinalIgnoreCase);
        if (!isJson && !type.StartsWith("text/html", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        using (response)
        {
            var error = isJson ? ErrorBody.Parse(await response.BufferContentAsync(cancellationToken).ConfigureAwait(false)) : ErrorBody.None;
            throw error == ErrorBody.None ? new ProviderException(ProviderErrorKind.UnexpectedFormat) : error.ToException(statusCode: null, apiKey: apiKey);
        }
    }

    private static ProviderException FromResponse(ClientResultException failed, string? apiKey)
    {
        var response = failed.GetRawResponse();
        return response is null
            ? ErrorBody.None.ToException(failed.Status)
            : ErrorBody.Parse(response.Content).ToException(failed.Status, RetryAfter(response.Headers), apiKey);
    }

    private static TimeSpan? RetryAfter(PipelineResponseHeaders headers)
    {
        if (!headers.TryGetValue("Retry-After", out var text) || !RetryConditionHeaderValue.TryParse(text, out var retry))
        {
            return null;
        }

        // A date is measured against the service's own clock, which it sends along.
        return retry.Delta
            ?? (headers.TryGetValue("Date", out var now) && DateTimeOffset.TryParse(now, System.Globalization.CultureInfo.InvariantCulture, out var date)
                && retry.Date - date is { Ticks: > 0 } wait ? wait : null);
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
        _ when IsUnknownHost(exception) => ProviderErrorKind.HostNotFound,
        _ when Inner<SocketException>(exception) is { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable } =>
            ProviderErrorKind.Unreachable,
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
