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

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        PluginGuard.StreamAsync(calls, token => InnerClient.GetStreamingResponseAsync(messages, options, token), ForgetRaw, cancellationToken);

    private static void ForgetRaw(ChatResponseUpdate update)
    {
        update.RawRepresentation = null;
        ForgetRaw(update.Contents);
    }

    private static void ForgetRaw(IList<AIContent> contents)
    {
        foreach (var content in contents)
        {
            content.RawRepresentation = null;
        }
    }
}
