using System.Text;
using System.Text.Json;
using Calango.Plugins.LocalModels.Worker.Llama;

namespace Calango.Plugins.LocalModels.Worker.OpenAi;

// Writes one generation as a whole answer or as server-sent events.
internal sealed class ChatAnswer(HttpContext context, Generation generation, string model)
{
    private readonly string _id = $"chatcmpl-{Guid.CreateVersion7():N}";
    private readonly long _created = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();

    public async Task WriteWholeAsync()
    {
        var text = new StringBuilder();
        await foreach (var part in generation.Text)
        {
            text.Append(part);
        }

        var choice = new Choice(0, new AnswerMessage("assistant", text.ToString()), null, generation.Outcome!.FinishReason);
        await context.Response.WriteAsJsonAsync(
            new ChatCompletion(_id, "chat.completion", _created, model, [choice], UsageOf(generation.Outcome)),
            WorkerJson.Default.ChatCompletion, cancellationToken: context.RequestAborted);
    }

    public async Task StreamAsync(bool includeUsage)
    {
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-cache";
        // At once, so that a caller who waits in the queue knows that it was heard.
        await SendAsync([new Choice(0, null, new AnswerMessage("assistant", ""), null)]);
        await foreach (var part in generation.Text)
        {
            await SendAsync([new Choice(0, null, new AnswerMessage(null, part), null)]);
        }

        await SendAsync([new Choice(0, null, new AnswerMessage(null, null), generation.Outcome!.FinishReason)]);
        if (includeUsage)
        {
            await SendAsync([], UsageOf(generation.Outcome));
        }

        await SendLineAsync("[DONE]");
    }

    public Task FailAsync(string message) => context.Response.HasStarted
        ? SendLineAsync(ErrorAnswer.Text(500, message, "generation_failed"))
        : ErrorAnswer.WriteAsync(context, 500, message, "generation_failed");

    private static Usage UsageOf(Outcome outcome) => new(
        outcome.PromptTokens, outcome.AnswerTokens, outcome.PromptTokens + outcome.AnswerTokens, new PromptDetails(outcome.CachedTokens));

    private Task SendAsync(IReadOnlyList<Choice> choices, Usage? usage = null) => SendLineAsync(JsonSerializer.Serialize(
        new ChatCompletion(_id, "chat.completion.chunk", _created, model, choices, usage), WorkerJson.Default.ChatCompletion));

    private async Task SendLineAsync(string data)
    {
        await context.Response.WriteAsync($"data: {data}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
    }
}
