using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>A plugin's store of blobs behind the guard. What it says is copied: it may be of types of its own.</summary>
internal sealed class GuardedBlobStore(PluginCalls calls, string name, IBlobStore store)
{
    // Whoever changes something wants to know what came of it.
    private static readonly TimeSpan ToTheEnd = TimeSpan.FromSeconds(15);

    public BlobStoreInfo Info { get; } = new(calls.PluginId, name, [.. store.Settings.Select(field => field with { Choices = [.. field.Choices] })]);

    public Task<BlobInfo> PutAsync(string key, Stream content, string contentType, SettingsValues settings, CancellationToken cancellationToken) =>
        PluginGuard.RunAsync(calls, async token => Copy(await store.PutAsync(key, content, contentType, settings, token)), cancellationToken, ToTheEnd);

    public Task<BlobContent> OpenAsync(string key, BlobRange? range, SettingsValues settings, CancellationToken cancellationToken) => PluginGuard.RunAsync(
        calls,
        async token => await store.OpenAsync(key, range, settings, token) is var content ? new BlobContent(Copy(content.Info), new GuardedStream(calls, content.Stream)) : null!,
        cancellationToken);

    public Task<BlobInfo?> FindAsync(string key, SettingsValues settings, CancellationToken cancellationToken) =>
        PluginGuard.RunAsync(calls, async token => await store.FindAsync(key, settings, token) is { } info ? Copy(info) : null, cancellationToken);

    public Task DeleteAsync(string key, SettingsValues settings, CancellationToken cancellationToken) =>
        PluginGuard.RunAsync(calls, async token => { await store.DeleteAsync(key, settings, token); return true; }, cancellationToken, ToTheEnd);

    public Task<BlobPage> ListAsync(string prefix, string? continuation, SettingsValues settings, CancellationToken cancellationToken) => PluginGuard.RunAsync(
        calls, async token => await store.ListAsync(prefix, continuation, settings, token) is var page ? new BlobPage([.. page.Keys], page.Continuation) : null!, cancellationToken);

    private static BlobInfo Copy(BlobInfo info) => new(info.Key, info.Length, info.ContentType, info.Sha256);
}
