using System.ClientModel;
using System.ClientModel.Primitives;
using System.Text;
using Calango.Plugins.OpenAiCompatible;
using Calango.Plugins.Tests.Conformance;
using Calango.Tests.Support.Upstream;
using OpenAI;
using OpenAI.Chat;

namespace Calango.Plugins.Tests.OpenAiCompatible;

public sealed class RecordedStreamTests() : RecordedStreams<OpenAiCompatibleProvider>(http => new OpenAiCompatibleProvider(http))
{
    protected override string Mark => "chat.completion.chunk";

    protected override async Task<Reading> ReadByTheSdkAsync(UpstreamReply reply)
    {
        Upstream.Enqueue(reply);
        var client = new ChatClient("fake", new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = Upstream.Address, RetryPolicy = new ClientRetryPolicy(0) });
        var text = new StringBuilder();
        ChatFinishReason? finishReason = null;
        List<string> toolNames = [];
        await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("hi")], cancellationToken: TestEnd))
        {
            text.Append(string.Concat(update.ContentUpdate.Select(part => part.Text)));
            finishReason ??= update.FinishReason;
            toolNames.AddRange(update.ToolCallUpdates.Where(call => call.FunctionName is { Length: > 0 }).Select(call => call.FunctionName));
        }

        return new Reading(text.ToString(), Reasoning: null, NameOf(finishReason), toolNames);
    }

    private static string? NameOf(ChatFinishReason? reason) => reason switch
    {
        null => null,
        ChatFinishReason.Length => "length",
        ChatFinishReason.ToolCalls => "tool_calls",
        ChatFinishReason.ContentFilter => "content_filter",
        _ => "stop",
    };
}
