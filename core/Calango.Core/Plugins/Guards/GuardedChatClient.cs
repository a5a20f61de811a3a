using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Calango.Core.Plugins;

/// <summary>A plugin's chat client behind the guard. The service's raw objects stay behind it: they are of the plugin's own types.</summary>
internal sealed class GuardedChatClient(PluginCalls calls, IChatClient inner) : DelegatingChatClient(inner)
{
    public override async Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        var response = await PluginGuard.RunAsync(calls, token => InnerClient.GetResponseAsync(messages, options, token), cancellationToken);
        response.RawRepresentation = null;
        foreach (var message in response.Messages)
        {
            message.RawRepresentation = null;
            ForgetRaw(message.Contents);
        }

        return response;
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var updates = PluginGuard.StreamAsync(calls, token => InnerClient.GetStreamingResponseAsync(messages, options, token), cancellationToken);
        await foreach (var update in updates)
        {
            update.RawRepresentation = null;
            ForgetRaw(update.Contents);
            yield return update;
        }
    }

    private static void ForgetRaw(IList<AIContent> contents)
    {
        foreach (var content in contents)
        {
            content.RawRepresentation = null;
        }
    }
}
