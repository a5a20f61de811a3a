using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.PluginProcess;

/// <summary>Does with the plugin's index of passages what the server asks for.</summary>
internal static class IndexServer
{
    public static async Task<byte[]> ServeAsync(GuardedPassageIndex index, ServedCall call)
    {
        switch (call.Method)
        {
            case WireMethod.CheckIndex:
                await index.CheckAsync(new SettingsValues(Read<CheckIndexMessage>(call).Settings), call.Cancelled);
                return [];
            case WireMethod.EnsureSpace:
                var ensure = Read<EnsureSpaceMessage>(call);
                await index.EnsureAsync(ensure.Space, new SettingsValues(ensure.Settings), call.Cancelled);
                return [];
            case WireMethod.UpsertVectors:
                var upsert = Read<UpsertVectorsMessage>(call);
                await index.UpsertAsync(upsert.Space, upsert.Vectors, new SettingsValues(upsert.Settings), call.Cancelled);
                return [];
            case WireMethod.DeleteVectors:
                var delete = Read<DeleteVectorsMessage>(call);
                await index.DeleteAsync(delete.Space, delete.Editions, new SettingsValues(delete.Settings), call.Cancelled);
                return [];
            default:
                var search = Read<SearchIndexMessage>(call);
                return WireJson.Write(new NearPassagesMessage(await index.SearchAsync(search.Space, search.Query, new SettingsValues(search.Settings), call.Cancelled)));
        }
    }

    private static T Read<T>(ServedCall call) => WireJson.Read<T>(call.Arguments.Span);
}
