using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>A store of blobs that a plugin's process has.</summary>
internal sealed class RemoteBlobStore(IsolatedCode code, BlobStoreInfo info) : IBlobStore
{
    public IReadOnlyList<SettingField> Settings => info.Settings;

    public async Task<BlobInfo> PutAsync(string key, Stream content, string contentType, SettingsValues settings, CancellationToken cancellationToken)
    {
        await using var sent = code.Contents.Open(content, cancellationToken);
        // To its end, however it is given up: whoever puts something there must know whether it is.
        return WireJson.Read<BlobInfo>(await code.CallToEndAsync(WireMethod.PutBlob, Ask(new PutBlobMessage(key, contentType, sent.Id, settings.ToMessage()), settings), cancellationToken));
    }

    public async Task<BlobContent> OpenAsync(string key, BlobRange? range, SettingsValues settings, CancellationToken cancellationToken)
    {
        var ask = Ask(new OpenBlobMessage(key, range, settings.ToMessage()), settings);
        var answer = new WireAnswer(left => code.StreamAsync(WireMethod.OpenBlob, ask, left));
        try
        {
            var head = await answer.NextAsync(cancellationToken) ?? throw new InvalidDataException("A blob without a head.");
            return new BlobContent(WireJson.Read<BlobInfo>(head), new WireBody(answer));
        }
        catch
        {
            await answer.DisposeAsync();
            throw;
        }
    }

    public async Task<BlobInfo?> FindAsync(string key, SettingsValues settings, CancellationToken cancellationToken) =>
        WireJson.Read<FoundBlobMessage>(await code.CallAsync(WireMethod.FindBlob, Ask(new BlobMessage(key, settings.ToMessage()), settings), cancellationToken)).Info;

    public Task DeleteAsync(string key, SettingsValues settings, CancellationToken cancellationToken) =>
        code.CallToEndAsync(WireMethod.DeleteBlob, Ask(new BlobMessage(key, settings.ToMessage()), settings), cancellationToken);

    public async Task<BlobPage> ListAsync(string prefix, string? continuation, SettingsValues settings, CancellationToken cancellationToken) =>
        WireJson.Read<BlobPage>(await code.CallAsync(WireMethod.ListBlobs, Ask(new ListBlobsMessage(prefix, continuation, settings.ToMessage()), settings), cancellationToken));

    private byte[] Ask<T>(T message, SettingsValues settings)
    {
        code.Grants.Learn(settings);
        return WireJson.Write(message);
    }
}
