using Microsoft.Extensions.AI;

namespace Calango.Sdk.Testing;

/// <summary>An answer as the kernel would see it, with the failure that ended it, if one did.</summary>
public sealed record Answer(
    string Text, string Reasoning, IReadOnlyList<FunctionCallContent> Calls, UsageDetails? Usage, ChatFinishReason? FinishReason, int Updates, ProviderException? Failure)
{
    /// <summary>Reads a stream to its end. Any exception that is not the contract's own fails the test.</summary>
    public static async Task<Answer> ReadAsync(IAsyncEnumerable<ChatResponseUpdate> stream)
    {
        List<ChatResponseUpdate> updates = [];
        ProviderException? failure = null;
        try
        {
            await foreach (var update in stream)
            {
                updates.Add(update);
            }
        }
        catch (ProviderException exception)
        {
            failure = exception;
        }

        var contents = updates.SelectMany(update => update.Contents).ToList();
        return new Answer(
            string.Concat(contents.OfType<TextContent>().Select(content => content.Text)),
            string.Concat(contents.OfType<TextReasoningContent>().Select(content => content.Text)),
            [.. contents.OfType<FunctionCallContent>()],
            contents.OfType<UsageContent>().SingleOrDefault()?.Details,
            updates.Select(update => update.FinishReason).SingleOrDefault(reason => reason is not null),
            updates.Count,
            failure);
    }
}
