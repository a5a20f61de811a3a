using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Hosting;
using Calango.Web.Streams;
using Calango.Web.Text;
using Microsoft.Extensions.AI;

namespace Calango.Web.Api.OpenAi;

/// <summary><c>POST /v1/chat/completions</c>.</summary>
internal static class ChatCompletions
{
    public static async Task AnswerAsync(HttpContext context, Completions completions, ModelNames names, StreamLimits limits, Viewer viewer, TimeProvider clock)
    {
        var asked = ChatRequest.Parse(await JsonInput.ReadAsync(context.Request, context.RequestAborted));
        var model = await names.FindAsync(asked.Model, context.RequestAborted) ?? throw new RejectedException("api.model", ("param", "model"), ("model", asked.Model));
        using var limit = limits.Of(context);
        try
        {
            await using var completion = await completions.BeginAsync(new CompletionRequest(viewer.AccountId, model, asked.Messages, asked.Options), limit.Token);
            var answer = new ChatAnswer($"chatcmpl-{Guid.CreateVersion7():N}", asked.Model, clock.GetUtcNow().ToUnixTimeSeconds());
            await (asked.Streams ? StreamAsync(context, completion, answer, asked.TellsUsage, limit) : WriteAsync(context, completion, answer));
        }
        catch (OperationCanceledException) when (limit.EndStatus is not null)
        {
            context.Response.StatusCode = limit.EndStatus.Value;
        }
    }

    private static async Task WriteAsync(HttpContext context, Completion completion, ChatAnswer answer)
    {
        var updates = new List<ChatResponseUpdate>();
        await foreach (var update in completion.ReadAsync())
        {
            updates.Add(update);
        }

        context.Response.ContentType = "application/json";
        answer.WriteWhole(context.Response.BodyWriter, updates, completion.FinishReason!, completion.Usage);
        await context.Response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static async Task StreamAsync(HttpContext context, Completion completion, ChatAnswer answer, bool tellsUsage, StreamLimits.Limit limit)
    {
        context.Response.ContentType = "text/event-stream; charset=utf-8";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        var output = context.Response.BodyWriter;
        try
        {
            answer.WriteBeginning(output);
            await foreach (var update in completion.ReadAsync())
            {
                if (answer.WritePiece(output, update))
                {
                    await output.FlushAsync(limit.Token);
                }
            }

            answer.WriteEnd(output, completion.FinishReason!, tellsUsage ? completion.Usage : null);
        }
        catch (Exception failure) when (!context.RequestAborted.IsCancellationRequested)
        {
            // It has begun as a success: what went wrong can only be said in its midst.
            var fault = failure is OperationCanceledException && limit.EndStatus is { } status ? Fault.OfStatus(status) : Fault.Of(failure);
            answer.WriteFailure(output, OpenAiError.Of(ApiErrors.ForPrograms(fault), context));
        }

        await output.FlushAsync(context.RequestAborted);
    }
}
