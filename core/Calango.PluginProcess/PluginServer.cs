using System.Collections.Concurrent;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.PluginProcess;

/// <summary>Runs the plugin for the server on the other side of the wire.</summary>
internal sealed class PluginServer(string folder, string dataFolder) : IWireServer
{
    private const int MostClients = 200;

    private readonly ConcurrentDictionary<Guid, IChatClient> _clients = new();
    private readonly TaskCompletionSource<Wire> _wire = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PluginManifest? _manifest;
    private IPluginCode? _code;
    private PluginParts _parts = PluginParts.None;

    /// <summary>The server is trusted: a prompt with its pictures may be large.</summary>
    public static WireLimits Limits { get; } = new(FrameBytes: 256 * 1024 * 1024, Calls: int.MaxValue, CallBytes: long.MaxValue);

    /// <summary>Tells it the wire over which the server is asked.</summary>
    public void Use(Wire wire) => _wire.SetResult(wire);

    public async Task<byte[]> ServeAsync(ServedCall call)
    {
        switch (call.Method)
        {
            case WireMethod.Ping:
                return [];
            case WireMethod.Load:
                Load(await _wire.Task);
                return [];
            case WireMethod.Start:
                return WireJson.Write(Start());
            case WireMethod.CheckHealth:
                _code!.CheckHealth(_parts);
                return [];
            case WireMethod.Stop:
                await _code!.StopAsync();
                return [];
            case WireMethod.ListModels:
                var models = Read<ListModelsMessage>(call);
                return WireJson.Write(await ProviderOf(models.Provider).ListModelsAsync(new SettingsValues(models.Settings), call.Cancelled));
            case WireMethod.Chat:
                await ChatAsync(call);
                return [];
            case WireMethod.ChatWhole:
                var asked = Read<ChatMessageToModel>(call);
                return WireJson.Write(await ClientOf(asked).GetResponseAsync(asked.Messages, OptionsOf(asked), call.Cancelled));
            case WireMethod.Embed:
                var texts = Read<EmbedMessage>(call);
                return WireJson.Write(await EmbeddingsOf(texts.Provider).EmbedAsync(texts.Model, new SettingsValues(texts.Settings), texts.Texts, texts.Dimensions, call.Cancelled));
            case WireMethod.ListEmbeddingModels:
                var embedders = Read<ListModelsMessage>(call);
                return WireJson.Write(await EmbeddingsOf(embedders.Provider).ListAsync(new SettingsValues(embedders.Settings), call.Cancelled));
            case WireMethod.CountTokens:
                var counted = Read<CountTokensMessage>(call);
                return WireJson.Write(new CountedTokensMessage(await EmbeddingsOf(counted.Provider).CountTokensAsync(counted.Model, new SettingsValues(counted.Settings), counted.Texts, call.Cancelled)));
            case WireMethod.Rerank:
                var judged = Read<RerankMessage>(call);
                return WireJson.Write(await ProviderOf(judged.Provider).Reranker!.RerankAsync(judged.Model, new SettingsValues(judged.Settings), judged.Question, judged.Texts, call.Cancelled));
            case WireMethod.ListRerankers:
                var rerankers = Read<ListModelsMessage>(call);
                return WireJson.Write(await ProviderOf(rerankers.Provider).Reranker!.ListAsync(new SettingsValues(rerankers.Settings), call.Cancelled));
            case WireMethod.SendEvents:
                var events = Read<SendEventsMessage>(call);
                await _parts.EventSink!.SendAsync(events.Events, new SettingsValues(events.Settings), call.Cancelled);
                return [];
            case WireMethod.ListTools:
                return WireJson.Write(await _parts.ToolSource!.ListAsync(Read<ToolServerMessage>(call).ToSettings(), call.Cancelled));
            case WireMethod.InvokeTool:
                var invoked = Read<InvokeToolMessage>(call);
                return WireJson.Write(await _parts.ToolSource!.InvokeAsync(invoked.Server.ToSettings(), invoked.Call, call.Cancelled));
            case WireMethod.CloseTools:
                var closed = Read<CloseToolsMessage>(call);
                await (closed.Person is { } person ? _parts.ToolSource!.CloseAsync(closed.Server, person) : _parts.ToolSource!.CloseAsync(closed.Server));
                return [];
            case WireMethod.PutBlob:
                return await BlobServer.PutAsync(_parts.BlobStore!, await _wire.Task, call);
            case WireMethod.OpenBlob:
                return await BlobServer.OpenAsync(_parts.BlobStore!, call);
            case WireMethod.FindBlob:
                return await BlobServer.FindAsync(_parts.BlobStore!, call);
            case WireMethod.DeleteBlob:
                return await BlobServer.DeleteAsync(_parts.BlobStore!, call);
            case WireMethod.ListBlobs:
                return await BlobServer.ListAsync(_parts.BlobStore!, call);
            case WireMethod.CheckIndex or WireMethod.EnsureSpace or WireMethod.UpsertVectors or WireMethod.DeleteVectors or WireMethod.SearchIndex:
                return await IndexServer.ServeAsync(_parts.PassageIndex!, call);
            default:
                throw new InvalidDataException("The server has no such method to ask for.");
        }
    }

    private static T Read<T>(ServedCall call) => WireJson.Read<T>(call.Arguments.Span);

    private void Load(Wire wire)
    {
        _manifest = PluginManifest.Read(folder);
        var services = new ProcessServices(wire, dataFolder);
        _code = InProcessCode.Load(folder, _manifest, services.CallsOf(_manifest), services);
    }

    private PartsMessage Start()
    {
        _parts = _code!.Start();
        return new PartsMessage([.. _parts.Providers.Select(provider => provider.Info)], _parts.EventSink?.Info, _parts.ToolSource?.Info, _parts.BlobStore?.Info, _parts.PassageIndex?.Info);
    }

    private async Task ChatAsync(ServedCall call)
    {
        var asked = Read<ChatMessageToModel>(call);
        await foreach (var update in ClientOf(asked).GetStreamingResponseAsync(asked.Messages, OptionsOf(asked), call.Cancelled))
        {
            await call.YieldAsync(WireJson.Write(update));
        }
    }

    private GuardedProvider ProviderOf(string id) => _parts.Providers.First(provider => provider.Info.Id == id);

    private GuardedEmbeddings EmbeddingsOf(string id) => ProviderOf(id).Embeddings!;

    private IChatClient ClientOf(ChatMessageToModel asked)
    {
        if (_clients.Count > MostClients)
        {
            // The server makes a new one for each change of a connection, and does not tell which are no longer used.
            _clients.Clear();
        }

        return _clients.GetOrAdd(asked.Client, _ => ProviderOf(asked.Provider).Connect(asked.Model, new SettingsValues(asked.Settings)));
    }

    private static ChatOptions? OptionsOf(ChatMessageToModel asked)
    {
        if (asked.Tools.Count == 0)
        {
            return asked.Options;
        }

        var options = asked.Options ?? new ChatOptions();
        options.Tools = [.. asked.Tools.Select(tool => AIFunctionFactory.CreateDeclaration(tool.Name, tool.Description, tool.Schema))];
        return options;
    }
}
