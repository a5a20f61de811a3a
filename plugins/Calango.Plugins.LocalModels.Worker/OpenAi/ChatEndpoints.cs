using System.Text.Json;
using Calango.Plugins.LocalModels.Worker.Llama;

namespace Calango.Plugins.LocalModels.Worker.OpenAi;

// The three addresses of OpenAI's HTTP interface that a chat client needs, https://platform.openai.com/docs/api-reference/chat.
internal static class ChatEndpoints
{
    public static void MapOpenAi(this WebApplication app, LlamaModel model, GenerationQueue generations)
    {
        var stopping = app.Lifetime.ApplicationStopping;
        app.MapGet("/health", context => context.Response.WriteAsync("ok", context.RequestAborted));
        app.MapGet("/v1/models", context => ListModelsAsync(context, model));
        app.MapPost("/v1/chat/completions", context => AnswerAsync(context, model, generations, stopping));
    }

    private static Task ListModelsAsync(HttpContext context, LlamaModel model) => context.Response.WriteAsJsonAsync(
        new ModelList("list", [new ModelEntry(model.Name, "model", 0, "local", model.ContextTokens)]),
        WorkerJson.Default.ModelList, cancellationToken: context.RequestAborted);

    private static async Task AnswerAsync(HttpContext context, LlamaModel model, GenerationQueue generations, CancellationToken stopping)
    {
        ChatRequest? request;
        try
        {
            request = await JsonSerializer.DeserializeAsync(context.Request.Body, WorkerJson.Default.ChatRequest, context.RequestAborted);
        }
        catch (JsonException)
        {
            await ErrorAnswer.WriteAsync(context, 400, "The body is not the JSON of a chat request.", "invalid_json");
            return;
        }

        if (Question.From(request, out var problem) is not { } question)
        {
            await ErrorAnswer.WriteAsync(context, 400, problem!.Message, "invalid_value", problem.Field);
            return;
        }

        var prompt = ChatPrompt.Tokens(model, question.Messages);
        if (prompt.Length >= model.ContextTokens)
        {
            await ErrorAnswer.WriteAsync(
                context, 400, $"This model's maximum context length is {model.ContextTokens} tokens, but the messages have {prompt.Length}.",
                "context_length_exceeded", "messages");
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
        var room = model.ContextTokens - prompt.Length;
        var generation = new Generation(prompt, Math.Min(question.MaxTokens ?? room, room), question.Sampling, question.Stops, ended.Token);
        generations.Add(generation);
        var answer = new ChatAnswer(context, generation, model.Name);
        try
        {
            await (request?.Stream == true ? answer.StreamAsync(request.StreamOptions?.IncludeUsage == true) : answer.WriteWholeAsync());
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The caller is gone, or we are going: nobody reads an answer.
        }
        catch (LlamaException exception)
        {
            await answer.FailAsync(exception.Message);
        }
    }
}
