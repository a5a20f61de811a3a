using System.Text.Json;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Plugins;

// What goes over the wire between the server and a plugin's process, one record a method.

/// <summary>What a plugin has, once its objects are made.</summary>
internal sealed record PartsMessage(IReadOnlyList<ProviderInfo> Providers, SinkInfo? Sink, ToolSourceInfo? Tools, BlobStoreInfo? Blobs, PassageIndexInfo? Index);

internal sealed record ListModelsMessage(string Provider, IReadOnlyDictionary<string, string> Settings);

/// <param name="Client">Names the client that was asked for; the process makes it where it has none of this name.</param>
/// <param name="Provider">Of the client.</param>
/// <param name="Model">Of the client.</param>
/// <param name="Settings">Of the client.</param>
/// <param name="Messages">The prompt.</param>
/// <param name="Options">Its parameters, without tools.</param>
/// <param name="Tools">What the model may call.</param>
internal sealed record ChatMessageToModel(
    Guid Client, string Provider, string Model, IReadOnlyDictionary<string, string> Settings, IEnumerable<ChatMessage> Messages, ChatOptions? Options, IReadOnlyList<ToolMessage> Tools);

internal sealed record EmbedMessage(string Provider, string Model, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string> Texts, int? Dimensions);

internal sealed record CountTokensMessage(string Provider, string Model, IReadOnlyDictionary<string, string> Settings, IReadOnlyList<string> Texts);

/// <param name="Tokens">Of each text; null: the provider cannot say.</param>
internal sealed record CountedTokensMessage(IReadOnlyList<int>? Tokens);

internal sealed record RerankMessage(string Provider, string Model, IReadOnlyDictionary<string, string> Settings, string Question, IReadOnlyList<string> Texts);

internal sealed record ToolMessage(string Name, string Description, JsonElement Schema);

internal sealed record SendEventsMessage(IReadOnlyList<ModelEvent> Events, IReadOnlyDictionary<string, string> Settings);

internal sealed record ToolServerMessage(Guid Id, Guid Version, IReadOnlyDictionary<string, string> Settings, Guid? Person)
{
    public static ToolServerMessage Of(ToolServerSettings server) => new(server.Id, server.Version, server.Values.ToMessage(), server.Person);

    public ToolServerSettings ToSettings() => new(Id, Version, new SettingsValues(Settings)) { Person = Person };
}

internal sealed record InvokeToolMessage(ToolServerMessage Server, ToolCall Call);

/// <param name="Server">The server.</param>
/// <param name="Person">For whom alone; null: for all.</param>
internal sealed record CloseToolsMessage(Guid Server, Guid? Person);

/// <param name="Key">The blob.</param>
/// <param name="ContentType">What it is.</param>
/// <param name="Content">Names its bytes, which the process asks for.</param>
/// <param name="Settings">Of the place.</param>
internal sealed record PutBlobMessage(string Key, string ContentType, Guid Content, IReadOnlyDictionary<string, string> Settings);

/// <summary>The answer's first item is what is said of the blob; the others are its bytes.</summary>
internal sealed record OpenBlobMessage(string Key, BlobRange? Range, IReadOnlyDictionary<string, string> Settings);

internal sealed record BlobMessage(string Key, IReadOnlyDictionary<string, string> Settings);

internal sealed record FoundBlobMessage(BlobInfo? Info);

internal sealed record ListBlobsMessage(string Prefix, string? Continuation, IReadOnlyDictionary<string, string> Settings);

internal sealed record CheckIndexMessage(IReadOnlyDictionary<string, string> Settings);

internal sealed record EnsureSpaceMessage(IndexSpace Space, IReadOnlyDictionary<string, string> Settings);

internal sealed record UpsertVectorsMessage(IndexSpace Space, IReadOnlyList<IndexVector> Vectors, IReadOnlyDictionary<string, string> Settings);

internal sealed record DeleteVectorsMessage(IndexSpace Space, IReadOnlyList<Guid> Editions, IReadOnlyDictionary<string, string> Settings);

internal sealed record SearchIndexMessage(IndexSpace Space, IndexQuery Query, IReadOnlyDictionary<string, string> Settings);

/// <param name="Passages">The nearest; null: there is nothing of its kind.</param>
internal sealed record NearPassagesMessage(IReadOnlyList<NearPassage>? Passages);

internal sealed record ReadPublicMessage(Uri Address, WebLimits Limits);

internal sealed record LogMessage(int Level, string Category, string Text);

/// <summary>The head of an HTTP request; its body follows it in the same arguments.</summary>
internal sealed record HttpRequestMessageHead(string Method, Uri Address, IReadOnlyList<HttpHeaderMessage> Headers, bool HasBody);

/// <summary>The head of an HTTP response, the first item of the answer; its body is the others.</summary>
internal sealed record HttpResponseMessageHead(int Status, string? Reason, IReadOnlyList<HttpHeaderMessage> Headers);

/// <param name="Name">The header.</param>
/// <param name="Value">One of its values.</param>
/// <param name="OfContent">Whether it describes the body.</param>
internal sealed record HttpHeaderMessage(string Name, string Value, bool OfContent);

internal static class WireSettings
{
    public static Dictionary<string, string> ToMessage(this SettingsValues values) => values.Names.ToDictionary(name => name, name => values[name]!);
}
