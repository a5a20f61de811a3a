using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Core.Tools;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>
/// Does what a model wants done: checks each call, asks the person where that is wanted, calls the tool, and tells the model
/// what came of it. Whatever goes wrong with one call is told to the model and shown; the turn goes on. A call is stored
/// before its tool is called, so that after a crash it is known that it may have taken effect; nothing calls it again.
/// </summary>
internal sealed class ToolLoop(Database database, ToolCatalog catalog, ToolRules rules, ToolTelemetry telemetry, TurnOptions options, TimeProvider clock)
{
    private const int MaxCallsAtOnce = 16, MaxResult = 50_000;

    /// <summary>Does all that the last round of the answer wants.</summary>
    /// <exception cref="RejectedException"><c>tools.tooManyRounds</c>, <c>tools.tooMany</c> or <c>tools.notApproved</c>.</exception>
    public async Task RunAsync(TurnRun run, AnswerInProgress answer)
    {
        var calls = answer.Calls;
        if (answer.Round >= options.MaxToolRounds)
        {
            throw new RejectedException("tools.tooManyRounds", ("limit", $"{options.MaxToolRounds}"));
        }

        if (calls.Count > MaxCallsAtOnce)
        {
            throw new RejectedException("tools.tooMany", ("limit", $"{MaxCallsAtOnce}"));
        }

        var uses = calls.Select((call, index) => UseOf(run, answer, call, run.Log.Uses.Count + index)).ToList();
        await StoreNewAsync(run, uses);
        uses.ForEach(run.Log.Put);
        run.Log.Report(new TurnProgress(TurnPhase.UsingTools));
        var started = clock.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(run.StopRequested);
        var running = uses.Zip(calls, (use, call) => RunAsync(run, use, call, limit)).ToList();
        await Task.WhenAll(running);
        answer.ToolsTook(clock.GetElapsedTime(started), clock);
        answer.EndRound(uses);
    }

    private ToolUse UseOf(TurnRun run, AnswerInProgress answer, FunctionCallContent call, int position)
    {
        var tool = run.Tools.Find(call.Name);
        return ToolUse.Of(
            run.Turn.Id, position, answer.Round, run.Log.TextLength, clock.GetUtcNow(), Cut(MessageText.Clean(call.CallId), 200), Cut(MessageText.Clean(call.Name), 200),
            tool?.Title ?? Cut(MessageText.Clean(call.Name), 200), tool?.Server.Name ?? "", tool?.Key ?? "", ToolArguments.Written(call));
    }

    private async Task RunAsync(TurnRun run, ToolUse use, FunctionCallContent call, CancellationTokenSource limit)
    {
        try
        {
            await UseAsync(run, use, call, limit.Token);
            await StoreEndAsync(use);
        }
        catch
        {
            // The others of this round have nothing to go on for.
            await limit.CancelAsync();
            throw;
        }
    }

    private async Task UseAsync(TurnRun run, ToolUse use, FunctionCallContent call, CancellationToken cancellationToken)
    {
        if (run.Tools.Find(call.Name) is not { } tool)
        {
            End(run, use, ToolUseState.Failed, $"Error: there is no tool '{use.Name}'.", null);
        }
        else if (ToolArguments.MistakeIn(call, use.Arguments, tool) is { } mistake)
        {
            End(run, use, ToolUseState.Failed, $"Error: {mistake}. The tool was not called.", tool);
        }
        else if (!await IsAllowedAsync(run, use, tool, cancellationToken))
        {
            End(run, use, ToolUseState.Denied, "Error: the person did not allow this call. Don't try it again unless they ask for it.", tool);
        }
        else if (OfferedTools.IsPure(tool) && run.KeptResults.TryGetValue((tool.Key, use.Arguments), out var kept))
        {
            End(run, use, ToolUseState.Done, kept, tool, wasKept: true);
        }
        else
        {
            await CallAsync(run, use, tool, cancellationToken);
        }
    }

    private async Task<bool> IsAllowedAsync(TurnRun run, ToolUse use, CatalogTool tool, CancellationToken cancellationToken)
    {
        if (run.Tools.PermissionOf(tool) == ToolPermission.Always || run.AllowedTools.ContainsKey(tool.Key))
        {
            return true;
        }

        try
        {
            // Before it is asked: the answer may be quick.
            var waiting = run.Approvals.WaitAsync(use.Id, options.ApprovalLimit, clock, cancellationToken);
            run.Log.Ask(use.Id, waits: true);
            var decision = await waiting;
            if (decision == ToolDecision.AllowAlways)
            {
                run.AllowedTools[tool.Key] = true;
                await rules.SetAsync(run.Turn.AccountId, tool.Key, ToolPermission.Always, cancellationToken);
            }

            return decision != ToolDecision.Deny;
        }
        catch (TimeoutException)
        {
            throw new RejectedException("tools.notApproved");
        }
        finally
        {
            run.Log.Ask(use.Id, waits: false);
        }
    }

    private async Task CallAsync(TurnRun run, ToolUse use, CatalogTool tool, CancellationToken cancellationToken)
    {
        use.Start(clock.GetUtcNow());
        await StoreStartAsync(use);
        run.Log.Put(use);
        using var time = new CancellationTokenSource(options.ToolLimit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(time.Token, cancellationToken);
        try
        {
            var result = await catalog.InvokeAsync(tool, use.Arguments, run.Turn.Id, run.Turn.AccountId, either.Token);
            var text = CutResult(MessageText.Clean(result.Text));
            if (!result.IsError && OfferedTools.IsPure(tool))
            {
                run.KeptResults[(tool.Key, use.Arguments)] = text;
            }

            End(run, use, result.IsError ? ToolUseState.Failed : ToolUseState.Done, result.IsError ? $"Error: {text}" : text, tool);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            End(run, use, ToolUseState.Failed, $"Error: {WordsFor(exception, time.IsCancellationRequested)}", tool);
        }
    }

    // What a stranger's server says is quoted, never an exception's own words.
    private string WordsFor(Exception exception, bool timedOut) => exception switch
    {
        _ when timedOut => $"the tool did not answer within {options.ToolLimit.TotalSeconds:0} seconds; it is not known whether it took effect.",
        ProviderException { Kind: ProviderErrorKind.TimedOut } => "the tool's server did not answer in time; it is not known whether it took effect.",
        ProviderException { Kind: ProviderErrorKind.ModelNotFound } => "the tool is not there any more.",
        ProviderException { ServiceMessage: { Length: > 0 } said } => $"the tool's server says: {MessageText.Clean(said)}",
        ProviderException provider => $"the tool's server failed ({provider.Kind}).",
        PluginFault => "the tool failed.",
        _ => "the tool failed.",
    };

    private void End(TurnRun run, ToolUse use, ToolUseState state, string result, CatalogTool? tool, bool wasKept = false)
    {
        use.End(state, result, clock.GetUtcNow(), wasKept);
        run.Log.Put(use);
        telemetry.Ended(use, tool);
    }

    private static string CutResult(string text) =>
        text.Length <= MaxResult ? text : $"{Cut(text, MaxResult)}\n[cut after {MaxResult} characters of {text.Length}]";

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..(char.IsHighSurrogate(text[length - 1]) ? length - 1 : length)];

    private Task StoreNewAsync(TurnRun run, IReadOnlyList<ToolUse> uses) => database.WriteAsync(async db =>
    {
        // The branch may have been deleted meanwhile: then nothing is called for it.
        if (!await db.Set<Turn>().AnyAsync(turn => turn.Id == run.Turn.Id))
        {
            throw new NotFoundException();
        }

        db.AddRange(uses.Select(use => use.Copy()));
        await db.SaveChangesAsync();
    }, CancellationToken.None);

    // With the turn it is stored once more, but a turn may die before it ends.
    private Task StoreEndAsync(ToolUse use) => database.WriteAsync(
        db => db.Set<ToolUse>().Where(stored => stored.Id == use.Id).ExecuteUpdateAsync(set => set
            .SetProperty(stored => stored.State, use.State)
            .SetProperty(stored => stored.Result, use.Result)
            .SetProperty(stored => stored.EndedAt, use.EndedAt)
            .SetProperty(stored => stored.WasKept, use.WasKept)), CancellationToken.None);

    private Task StoreStartAsync(ToolUse use)
    {
        var (id, at) = (use.Id, use.StartedAt);
        return database.WriteAsync(
            db => db.Set<ToolUse>().Where(stored => stored.Id == id).ExecuteUpdateAsync(
                set => set.SetProperty(stored => stored.State, ToolUseState.Running).SetProperty(stored => stored.StartedAt, at)), CancellationToken.None);
    }
}
