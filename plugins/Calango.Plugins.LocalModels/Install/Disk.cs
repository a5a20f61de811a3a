using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

internal static class Disk
{
    private const int NoSpaceOnUnix = 28;
    private const int NoSpaceOnWindows = unchecked((int)0x80070070);

    // Asked before the first byte, so that a person learns it now and not after an hour.
    public static void Require(string folder, long bytes)
    {
        if (new DriveInfo(Path.GetFullPath(folder)).AvailableFreeSpace < bytes)
        {
            throw new LocalModelException(LocalModelErrorKind.DiskFull, $"{bytes} bytes are needed.");
        }
    }

    // Wraps what a write threw: a full disk is told apart, the rest is the download's failure.
    public static LocalModelException Failure(IOException exception) => new(
        exception.HResult is NoSpaceOnUnix or NoSpaceOnWindows ? LocalModelErrorKind.DiskFull : LocalModelErrorKind.DownloadFailed,
        exception.Message);
}
