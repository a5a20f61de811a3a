using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// Fetches files into the data folder. A half file stays there under its checksum's name and is gone on with, after a
// cancel as after a crash.
internal sealed class Downloads(PluginContext context, IPluginHttp http, NpmRegistry registry, TimeProvider time)
{
    private const int MaxRedirects = 5;
    private const int MaxConnections = 20;
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60);
    private readonly string _folder = Directory.CreateDirectory(Path.Combine(context.DataFolder, "downloads")).FullName;

    public string PathOf(CatalogueDownload download) => Path.Combine(_folder, download.Sha256 + ".part");

    public IEnumerable<string> Here() => Directory.EnumerateFiles(_folder, "*.part");

    public long ReceivedBytes(CatalogueDownload download) => new FileInfo(PathOf(download)) is { Exists: true } file ? file.Length : 0;

    // Returns when the file is whole and its checksum is right.
    public async Task FetchAsync(CatalogueDownload download, InstallReport report, CancellationToken cancellationToken)
    {
        await ReceiveAsync(download, report, cancellationToken);
        report.Verifying();
        if (!string.Equals(await HashAsync(PathOf(download), cancellationToken), download.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            Delete(download);
            throw new LocalModelException(LocalModelErrorKind.ChecksumMismatch, $"{download.Npm ?? download.Url?.AbsolutePath} has another SHA-256.");
        }
    }

    public void Delete(CatalogueDownload download) => File.Delete(PathOf(download));

    private async Task ReceiveAsync(CatalogueDownload download, InstallReport report, CancellationToken cancellationToken)
    {
        if (ReceivedBytes(download) > download.Bytes)
        {
            Delete(download);
        }

        await using var file = new FileStream(PathOf(download), FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.Seek(0, SeekOrigin.End);
        report.Received(download, file.Position);
        for (var connections = 1; file.Position < download.Bytes; connections++)
        {
            var before = file.Position;
            try
            {
                await ReceiveSomeAsync(download, file, report, cancellationToken);
            }
            // A connection that broke after it brought something is worth another one.
            catch (LocalModelException failure) when (
                failure.Kind == LocalModelErrorKind.DownloadFailed && file.Position > before && connections < MaxConnections)
            {
            }
        }
    }

    private async Task ReceiveSomeAsync(CatalogueDownload download, FileStream file, InstallReport report, CancellationToken cancellationToken)
    {
        using var stalled = new CancellationTokenSource(Stall, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        try
        {
            using var response = await RequestAsync(download, file.Position, either.Token);
            if (response.StatusCode == HttpStatusCode.OK && file.Position > 0)
            {
                // The server does not resume: from the start again.
                file.SetLength(0);
            }
            else if (response.StatusCode != HttpStatusCode.OK && (response.StatusCode != HttpStatusCode.PartialContent || response.Content.Headers.ContentRange?.From != file.Position))
            {
                throw Failed($"The server answered {(int)response.StatusCode}.");
            }

            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            var buffer = new byte[128 * 1024];
            for (int count; file.Position < download.Bytes && (count = await body.ReadAsync(buffer, either.Token)) > 0;)
            {
                stalled.CancelAfter(Stall);
                // No more than was promised, whatever a server sends.
                await WriteAsync(file, buffer.AsMemory(0, (int)Math.Min(count, download.Bytes - file.Position)), either.Token);
                report.Received(download, file.Position);
            }

            if (file.Position < download.Bytes)
            {
                throw Failed("The connection ended early.");
            }
        }
        catch (Exception exception) when (
            exception is HttpRequestException or IOException or ProviderException
            || (exception is OperationCanceledException && stalled.IsCancellationRequested && !cancellationToken.IsCancellationRequested))
        {
            throw Failed(exception is OperationCanceledException ? "Nothing came for a minute." : exception.Message);
        }
    }

    private async Task<HttpResponseMessage> RequestAsync(CatalogueDownload download, long from, CancellationToken cancellationToken)
    {
        var client = http.CreateClient(new HttpLimits(MaxBodyBytes: download.Bytes + 1));
        var address = download.Npm is { } package ? registry.TarballOf(package) : download.Url!;
        for (var redirects = 0; ; redirects++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, address);
            // Compressed on the way, ranges would count other bytes.
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
            if (from > 0)
            {
                request.Headers.Range = new RangeHeaderValue(from, null);
            }

            var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if ((int)response.StatusCode is < 300 or >= 400 || response.Headers.Location is not { } location)
            {
                return response;
            }

            response.Dispose();
            var next = new Uri(address, location);
            if (redirects == MaxRedirects || next.Scheme != address.Scheme)
            {
                throw Failed("The server redirects to where we don't follow.");
            }

            address = next;
        }
    }

    private static async Task WriteAsync(FileStream file, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await file.WriteAsync(bytes, cancellationToken);
        }
        catch (IOException exception)
        {
            throw Disk.Failure(exception);
        }
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(file, cancellationToken));
    }

    private static LocalModelException Failed(string detail) => new(LocalModelErrorKind.DownloadFailed, detail);
}
