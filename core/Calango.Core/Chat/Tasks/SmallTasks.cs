using Calango.Core.Models;
using Calango.Core.Quotas;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>Asks models for what a chat needs beside its answers. Each call is counted, measured and told to the sinks of events as an answer is. Thread-safe.</summary>
internal sealed class SmallTasks(ModelCatalog catalog, CallTelemetry telemetry, ModelEvents events, QuotaMeter quotas, TimeProvider clock)
{
    private const string EndOfThought = "</think>";

    /// <summary>Asks one.</summary>
    /// <param name="task">What for.</param>
    /// <param name="turn">To which it belongs.</param>
    /// <param name="model">Who is asked.</param>
    /// <param name="priority">Whether somebody waits.</param>
    /// <param name="prompt">What it is asked.</param>
    /// <param name="maxOutputTokens">The longest answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="ProviderException">It could not be asked, or said no.</exception>
    public async Task<TaskAnswer> AskAsync(
        ModelTask task, Turn turn, ModelRef model, CallPriority priority, string prompt, int maxOutputTokens, CancellationToken cancellationToken)
    {
        await using var lease = await catalog.ConnectAsync(model, new ModelCaller(turn.AccountId, priority), cancellationToken);
        var call = new TaskCall(task, turn, lease.Model, [new(ChatRole.User, prompt)], maxOutputTokens, clock.GetUtcNow());
        var response = await CallAsync(lease, call, cancellationToken);
        var input = (int)(response.Usage?.InputTokenCount ?? TokenEstimate.Of(prompt));
        var output = (int)(response.Usage?.OutputTokenCount ?? TokenEstimate.Of(response.Text));
        var cost = ModelCost.NanoUsd(lease.Model, input, output);
        await quotas.EndAsync(Guid.CreateVersion7(), turn.AccountId, lease.Model.Ref, new QuotaAmount(input, output, cost ?? 0));
        return new TaskAnswer(WithoutThought(response.Text), lease.Model, input, output, cost);
    }

    private async Task<ChatResponse> CallAsync(ModelLease lease, TaskCall call, CancellationToken cancellationToken)
    {
        try
        {
            // Streamed like an answer, so that a service needs to offer one way only.
            var response = await new MeasuredTask(telemetry, call, clock).ReadAsync(lease.Client.GetStreamingResponseAsync(
                call.Prompt, new ChatOptions { ModelId = call.Model.Ref.ModelId, MaxOutputTokens = call.MaxOutputTokens }, cancellationToken));
            events.Ended(call, response, failure: null);
            return response;
        }
        catch (Exception exception)
        {
            events.Ended(call, response: null, exception);
            throw;
        }
    }

    private static string WithoutThought(string text)
    {
        var end = text.LastIndexOf(EndOfThought, StringComparison.Ordinal);
        return MessageText.Clean(text[(end < 0 ? 0 : end + EndOfThought.Length)..]).Trim();
    }
}
