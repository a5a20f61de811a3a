using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.PluginProcess;

/// <summary>Does with the plugin's store of blobs what the server asks for.</summary>
internal static class BlobServer
{
    public static async Task<byte[]> PutAsync(GuardedBlobStore store, Wire wire, ServedCall call)
    {
        var put = WireJson.Read<PutBlobMessage>(call.Arguments.Span);
        var id = WireJson.Write(put.Content);
        await using var content = new WireBody(new WireAnswer(left => wire.StreamAsync(WireMethod.ReadContent, id, left)));
        return WireJson.Write(await store.PutAsync(put.Key, content, put.ContentType, new SettingsValues(put.Settings), call.Cancelled));
    }

    public static async Task<byte[]> OpenAsync(GuardedBlobStore store, ServedCall call)
    {
        var open = WireJson.Read<OpenBlobMessage>(call.Arguments.Span);
        await using var content = await store.OpenAsync(open.Key, open.Range, new SettingsValues(open.Settings), call.Cancelled);
        await call.YieldAsync(WireJson.Write(content.Info));
        var chunk = new byte[SentContents.ChunkBytes];
        while (await content.Stream.ReadAsync(chunk, call.Cancelled) is > 0 and var count)
        {
            await call.YieldAsync(chunk.AsMemory(0, count));
        }

        return [];
    }

    public static async Task<byte[]> FindAsync(GuardedBlobStore store, ServedCall call)
    {
        var asked = WireJson.Read<BlobMessage>(call.Arguments.Span);
        return WireJson.Write(new FoundBlobMessage(await store.FindAsync(asked.Key, new SettingsValues(asked.Settings), call.Cancelled)));
    }

    public static async Task<byte[]> DeleteAsync(GuardedBlobStore store, ServedCall call)
    {
        var asked = WireJson.Read<BlobMessage>(call.Arguments.Span);
        await store.DeleteAsync(asked.Key, new SettingsValues(asked.Settings), call.Cancelled);
        return [];
    }

    public static async Task<byte[]> ListAsync(GuardedBlobStore store, ServedCall call)
    {
        var asked = WireJson.Read<ListBlobsMessage>(call.Arguments.Span);
        return WireJson.Write(await store.ListAsync(asked.Prefix, asked.Continuation, new SettingsValues(asked.Settings), call.Cancelled));
    }
}
