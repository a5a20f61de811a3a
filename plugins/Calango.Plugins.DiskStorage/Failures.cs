using Calango.Sdk;

namespace Calango.Plugins.DiskStorage;

/// <summary>Says in the contract's words what a file system says.</summary>
internal static class Failures
{
    // ENOSPC and EDQUOT of Linux and macOS, and ERROR_DISK_FULL of Windows.
    private static readonly int[] NoSpace = [28, 122, 69, unchecked((int)0x80070070)];

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
        UnauthorizedAccessException => new BlobException(BlobErrorKind.Forbidden),
        IOException { HResult: var code } when NoSpace.Contains(code) => new BlobException(BlobErrorKind.Full),
        IOException => new BlobException(BlobErrorKind.Failed),
        _ => null,
    };
}
