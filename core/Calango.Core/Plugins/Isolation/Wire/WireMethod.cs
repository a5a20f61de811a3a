namespace Calango.Core.Plugins;

/// <summary>What can be asked for over a <see cref="Wire"/>.</summary>
internal enum WireMethod : byte
{
    // The server asks the plugin's process.
    Load = 1,
    Start,
    CheckHealth,
    Stop,
    Ping,
    ListModels,
    Chat,
    ChatWhole,
    Embed,
    ListEmbeddingModels,
    CountTokens,
    SendEvents,
    ListTools,
    InvokeTool,
    CloseTools,
    PutBlob,
    OpenBlob,
    FindBlob,
    DeleteBlob,
    ListBlobs,
    CheckIndex,
    EnsureSpace,
    UpsertVectors,
    DeleteVectors,
    SearchIndex,
    Rerank,
    ListRerankers,

    // The plugin's process asks the server.
    Http = 100,
    ReadPublic,
    Log,
    ReadContent,
}
