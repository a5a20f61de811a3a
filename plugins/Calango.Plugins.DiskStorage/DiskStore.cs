using Calango.Sdk;

namespace Calango.Plugins.DiskStorage;

/// <summary>Blobs in the plugin's data folder: one file each, written aside, brought to the disk, and only then given its name.</summary>
public sealed class DiskStore(PluginContext context) : IBlobStore
{
    private const int PageSize = 1000;

    private readonly BlobFolder _folder = new(context.DataFolder);

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } = [];

    /// <inheritdoc/>
    public Task<BlobInfo> PutAsync(string key, Stream content, string contentType, SettingsValues settings, CancellationToken cancellationToken) =>
        Failures.TranslateAsync(async () =>
        {
            var path = _folder.FileOf(key);
            var coming = _folder.NewComing();
            try
            {
                BlobInfo info;
                await using (var file = new FileStream(coming, FileMode.CreateNew, FileAccess.Write, FileShare.None))
                {
                    info = await BlobFile.WriteAsync(file, key, content, contentType, cancellationToken).ConfigureAwait(false);
                }

                cancellationToken.ThrowIfCancellationRequested();
                _folder.Name(coming, path);
                return info;
            }
            finally
            {
                File.Delete(coming);
            }
        });

    /// <inheritdoc/>
    public Task<BlobContent> OpenAsync(string key, BlobRange? range, SettingsValues settings, CancellationToken cancellationToken) => Failures.TranslateAsync(async () =>
    {
        var file = Open(_folder.FileOf(key)) ?? throw new BlobException(BlobErrorKind.NotFound);
        try
        {
            var info = await BlobFile.ReadInfoAsync(file, key, cancellationToken).ConfigureAwait(false);
            if (range is not null && (range.Offset < 0 || range.Offset >= info.Length || range.Length < 1))
            {
                throw new BlobException(BlobErrorKind.InvalidRange);
            }

            var offset = range?.Offset ?? 0;
            file.Position = BlobFile.HeaderLength + offset;
            return new BlobContent(info, new Part(file, Math.Min(range?.Length ?? long.MaxValue, info.Length - offset)));
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    });

    /// <inheritdoc/>
    public Task<BlobInfo?> FindAsync(string key, SettingsValues settings, CancellationToken cancellationToken) => Failures.TranslateAsync(async () =>
    {
        await using var file = Open(_folder.FileOf(key));
        return file is null ? null : await BlobFile.ReadInfoAsync(file, key, cancellationToken).ConfigureAwait(false);
    });

    /// <inheritdoc/>
    public Task DeleteAsync(string key, SettingsValues settings, CancellationToken cancellationToken) => Failures.TranslateAsync(() =>
    {
        _folder.Delete(_folder.FileOf(key));
        return Task.FromResult(true);
    });

    /// <inheritdoc/>
    public Task<BlobPage> ListAsync(string prefix, string? continuation, SettingsValues settings, CancellationToken cancellationToken) => Failures.TranslateAsync(() =>
    {
        // The key before this page; one more is read than is handed out.
        var keys = _folder.Keys(prefix, continuation ?? "", cancellationToken).Take(PageSize + 1).ToList();
        return Task.FromResult(keys.Count > PageSize ? new BlobPage(keys[..PageSize], keys[PageSize - 1]) : new BlobPage(keys, null));
    });

    // Others may replace or delete it meanwhile: this reader goes on with what it has opened.
    private static FileStream? Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
