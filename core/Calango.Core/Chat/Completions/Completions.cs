using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Quotas;

namespace Calango.Core.Chat;

/// <summary>
/// Asks models for programs: one call with the messages that a program brings, of which nothing is stored. It waits for its place
/// at the connection and has the connection's time limits, as a turn does. Before the first token, other connections that share the
/// model are tried; to wait and try again is the program's own affair. Thread-safe.
/// </summary>
public sealed class Completions
{
    private readonly ModelCatalog _catalog;
    private readonly CallTelemetry _telemetry;
    private readonly ModelEvents _events;
    private readonly TurnOptions _options;
    private readonly QuotaMeter _quotas;
    private readonly TimeProvider _clock;

    internal Completions(ModelCatalog catalog, CallTelemetry telemetry, ModelEvents events, TurnOptions options, QuotaMeter quotas, TimeProvider clock) =>
        (_catalog, _telemetry, _events, _options, _quotas, _clock) = (catalog, telemetry, events, options, quotas, clock);

    /// <summary>Asks, and returns once the first piece of the answer has come. Dispose what is returned.</summary>
    /// <param name="request">What is asked.</param>
    /// <param name="stop">Ends the call at once.</param>
    /// <exception cref="ModelFailedException">No piece came.</exception>
    /// <exception cref="RejectedException"><c>quota.…</c>: a quota has no room for it.</exception>
    public async Task<Completion> BeginAsync(CompletionRequest request, CancellationToken stop)
    {
        // Another model than the one that was named answers no program: it may read the answer as only that one writes it.
        var route = new ModelRoute(await _catalog.SharersAsync(request.AccountId, request.Model.Ref, stop), () => Task.FromResult<IReadOnlyList<ModelRef>>([]));
        var id = Guid.CreateVersion7(_clock.GetUtcNow());
        await _quotas.ReserveAsync(id, request.AccountId, request.Model.Ref, ExpectedUse.Of(request.Model, CompletionRecord.PromptTokens(request), request.Options.MaxOutputTokens), stop);
        var completion = new Completion(id, request, _telemetry, _events, _options, _quotas, _clock, stop);
        try
        {
            while (true)
            {
                try
                {
                    await completion.CallAsync(await _catalog.ConnectAsync(route.Current, new ModelCaller(request.AccountId, CallPriority.Interactive), stop));
                    return completion;
                }
                catch (Exception failure) when (!stop.IsCancellationRequested)
                {
                    if (failure is ModelFailedException || completion.TimeIsUp || await route.MoveOnAsync(failure) != TimeSpan.Zero)
                    {
                        throw completion.Failed(failure);
                    }
                }
            }
        }
        catch
        {
            await completion.DisposeAsync();
            throw;
        }
    }
}
