using System.Net.Sockets;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>How a call over a <see cref="Wire"/> failed: the contract's exceptions as they are, any other as the name of its type and its place.</summary>
internal sealed record WireFailure
{
    private const int MostStack = 4000;

    public bool IsCancelled { get; init; }

    public string? Rejected { get; init; }

    public ProviderErrorKind? Provider { get; init; }

    public BlobErrorKind? Blob { get; init; }

    public string? ServiceMessage { get; init; }

    public int? StatusCode { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public HttpRequestError? Http { get; init; }

    public SocketError? Socket { get; init; }

    public string? PluginId { get; init; }

    public string? ExceptionType { get; init; }

    public string? Stack { get; init; }

    public static byte[] Of(Exception exception) => WireJson.Write(exception switch
    {
        OperationCanceledException => new WireFailure { IsCancelled = true },
        PluginRejectedException => new WireFailure { Rejected = exception.Message },
        ProviderException provider => new WireFailure
        {
            Provider = provider.Kind, ServiceMessage = provider.ServiceMessage, StatusCode = provider.StatusCode, RetryAfter = provider.RetryAfter,
        },
        BlobException blob => new WireFailure { Blob = blob.Kind, ServiceMessage = blob.ServiceMessage },
        HttpRequestException http => new WireFailure { Http = http.HttpRequestError, Socket = (http.InnerException as SocketException)?.SocketErrorCode },
        PluginFault fault => new WireFailure { PluginId = fault.PluginId, ExceptionType = fault.ExceptionType, Stack = Cut(fault.Detail) },
        _ => new WireFailure { ExceptionType = exception.GetType().FullName, Stack = Cut(exception.StackTrace) },
    });

    public static Exception Read(ReadOnlySpan<byte> json)
    {
        var failure = WireJson.Read<WireFailure>(json);
        return failure switch
        {
            { IsCancelled: true } => new OperationCanceledException(),
            { Rejected: { } reason } => new PluginRejectedException(reason),
            { Provider: { } kind } => new ProviderException(kind, failure.ServiceMessage, failure.StatusCode, failure.RetryAfter),
            { Blob: { } kind } => new BlobException(kind, failure.ServiceMessage),
            { Http: { } error } => new HttpRequestException(error, null, failure.Socket is { } socket ? new SocketException((int)socket) : null),
            _ => new PluginFault(failure.PluginId ?? "", failure.ExceptionType ?? "unknown", failure.Stack ?? ""),
        };
    }

    private static string Cut(string? stack) => stack is null ? "" : stack.Length > MostStack ? stack[..MostStack] : stack;
}
