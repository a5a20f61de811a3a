using System.Threading.Channels;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// Gathers what the steps of an installation say and passes it on, ten times a second at most.
internal sealed class InstallReport(long totalBytes, ChannelWriter<InstallProgress> progress, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);
    private readonly Dictionary<string, long> _received = [];
    private InstallStage _stage = InstallStage.Downloading;
    private long _lastSent;

    public void Received(CatalogueDownload download, long bytes)
    {
        _received[download.Sha256] = bytes;
        Send(InstallStage.Downloading);
    }

    public void Verifying() => Send(InstallStage.Verifying);

    public void Installed() => progress.TryWrite(new InstallProgress(InstallStage.Installed, totalBytes, totalBytes));

    private void Send(InstallStage next)
    {
        if (next == _stage && _lastSent != 0 && time.GetElapsedTime(_lastSent) < Interval)
        {
            return;
        }

        _stage = next;
        _lastSent = time.GetTimestamp();
        progress.TryWrite(new InstallProgress(_stage, Math.Min(_received.Values.Sum(), totalBytes), totalBytes));
    }
}
