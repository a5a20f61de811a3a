using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Calango.Sdk;

namespace Calango.Plugins.S3Storage;

/// <summary>Says in the contract's words what a service says.</summary>
internal static class Failures
{
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work().ConfigureAwait(false);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }
    }

    public static BlobException? Translate(Exception exception) => exception switch
    {
        BlobException or OperationCanceledException => null,
        AmazonServiceException service when KindOf(service) is { } kind => new BlobException(kind, service.Message),
        _ when IsOfNetwork(exception) => new BlobException(BlobErrorKind.Unreachable),
        IOException or AmazonClientException or ProviderException => new BlobException(BlobErrorKind.Failed),
        // What the SDK makes of an answer that is none.
        _ when exception.TargetSite?.Module.Assembly.GetName().Name is { } name && name.StartsWith("AWSSDK", StringComparison.Ordinal) => new BlobException(BlobErrorKind.Failed),
        _ => null,
    };

    // An answer to HEAD has no body, and so no code.
    private static BlobErrorKind? KindOf(AmazonServiceException service) => (service.ErrorCode, service.StatusCode) switch
    {
        ("NoSuchKey", _) => BlobErrorKind.NotFound,
        ("NoSuchBucket" or "InvalidBucketName" or "PermanentRedirect", _) => BlobErrorKind.PlaceNotFound,
        ("InvalidRange", _) or (_, HttpStatusCode.RequestedRangeNotSatisfiable) => BlobErrorKind.InvalidRange,
        ("InvalidAccessKeyId" or "SignatureDoesNotMatch" or "InvalidToken" or "ExpiredToken" or "RequestTimeTooSkewed", _) or (_, HttpStatusCode.Unauthorized) => BlobErrorKind.Unauthorized,
        ("QuotaExceeded" or "XMinioStorageFull", _) or (_, HttpStatusCode.InsufficientStorage) => BlobErrorKind.Full,
        ("AccessDenied" or "AllAccessDisabled" or "AccountProblem", _) or (_, HttpStatusCode.Forbidden) => BlobErrorKind.Forbidden,
        (_, HttpStatusCode.NotFound) => BlobErrorKind.NotFound,
        (_, 0) => null,
        _ => BlobErrorKind.Failed,
    };

    private static bool IsOfNetwork(Exception? exception) =>
        exception is HttpRequestException or SocketException || (exception is not null && IsOfNetwork(exception.InnerException));
}
