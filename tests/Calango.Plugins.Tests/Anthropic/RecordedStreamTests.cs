using Anthropic;
using Anthropic.Models.Messages;
using Calango.Plugins.Anthropic;
using Calango.Plugins.Tests.Conformance;
using Calango.Tests.Support.Upstream;

namespace Calango.Plugins.Tests.Anthropic;

public sealed class RecordedStreamTests() : RecordedStreams<AnthropicProvider>(http => new AnthropicProvider(http))
{
    protected override string Mark => "event: message_start";

    protected override async Task<Reading> ReadByTheSdkAsync(UpstreamReply reply)
    {
        Upstream.Enqueue(reply);
        using var client = new AnthropicClient { BaseUrl = new Uri(Upstream.Address, "/").ToString(), ApiKey = "k", MaxRetries = 0 };
        var asked = new MessageCreateParams { Model = "fake", MaxTokens = 1, Messages = [new UserMessageParam("hi")] };
        var message = await client.Messages.CreateStreaming(asked, TestEnd).Aggregate();
        var blocks = message.Content.Select(block => block.Value).ToList();
        return new Reading(
            string.Concat(blocks.OfType<TextBlock>().Select(block => block.Text)),
            string.Concat(blocks.OfType<ThinkingBlock>().Select(block => block.Thinking)),
            message.StopReason == StopReason.EndTurn ? "stop" : message.StopReason?.Raw(),
            [.. blocks.OfType<ToolUseBlock>().Select(block => block.Name)]);
    }
}
