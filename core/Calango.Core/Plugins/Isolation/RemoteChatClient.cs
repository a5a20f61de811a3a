using System.Runtime.CompilerServices;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Plugins;

/// <summary>A chat client that a plugin's process has.</summary>
internal sealed class RemoteChatClient(IsolatedCode code, string providerId, string modelId, SettingsValues settings) : IChatClient
{
    private readonly Guid _id = Guid.CreateVersion7();
    private readonly Dictionary<string, string> _settings = settings.ToMessage();

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        WireJson.Read<ChatResponse>(await code.CallAsync(WireMethod.ChatWhole, Ask(messages, options), cancellationToken));

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var update in code.StreamAsync(WireMethod.Chat, Ask(messages, options), cancellationToken))
        {
            yield return WireJson.Read<ChatResponseUpdate>(update);
        }
    }

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceKey is null && serviceType.IsInstanceOfType(this) ? this : null;

    public void Dispose()
    {
    }

    private byte[] Ask(IEnumerable<ChatMessage> messages, ChatOptions? options) => WireJson.Write(new ChatMessageToModel(
        _id, providerId, modelId, _settings, messages, options,
        [.. options?.Tools?.OfType<AIFunctionDeclaration>().Select(tool => new ToolMessage(tool.Name, tool.Description, tool.JsonSchema)) ?? []]));
}
