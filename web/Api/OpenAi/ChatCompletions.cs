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
        await using var completion = await completions.BeginAsync(new CompletionRequest(viewer.AccountId, model, asked.Messages, asked.Options), limit.Token);
        var answer = new ChatAnswer($"chatcmpl-{Guid.CreateVersion7():N}", asked.Model, clock.GetUtcNow().ToUnixTimeSeconds());
        if (asked.Streams)
        {
            await StreamAsync(context, completion, answer, asked.TellsUsage, limit.Token);
        }
        else
        {
            await WriteAsync(context, completion, answer);
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

    private static async Task StreamAsync(HttpContext context, Completion completion, ChatAnswer answer, bool tellsUsage, CancellationToken cancellationToken)
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
                    await output.FlushAsync(cancellationToken);
                }
            }

            answer.WriteEnd(output, completion.FinishReason!, tellsUsage ? completion.Usage : null);
        }
        catch (Exception failure) when (!context.RequestAborted.IsCancellationRequested)
        {
            // It has begun as a success: what went wrong can only be said in its midst.
            var fault = failure is OperationCanceledException ? Fault.OfStatus(StatusCodes.Status503ServiceUnavailable) : Fault.Of(failure);
            answer.WriteFailure(output, OpenAiError.Of(fault, context));
        }

        await output.FlushAsync(context.RequestAborted);
    }
}
