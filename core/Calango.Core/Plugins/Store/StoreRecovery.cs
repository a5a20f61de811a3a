using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>Makes good what the last process left behind: at a start, before any plugin's code runs.</summary>
internal sealed class StoreRecovery(PluginStore store, OperationLog log, Culprits culprits, TimeProvider clock, ILogger logger)
{
    /// <returns>The ids of plugins, one of which ended the last process: nobody knows yet which.</returns>
    public IReadOnlySet<string> Run()
    {
        var (known, suspects) = culprits.OfTheLastProcesses();
        foreach (var culprit in known)
        {
            logger.LogError("The plugin {Plugin} {Version} ended the server's process ({End}); it is in quarantine", culprit.Id, culprit.Version, culprit.How?.ToString() ?? "while it started");
            store.PutInQuarantine(new PluginQuarantine(culprit.Id, culprit.Version, culprit.Code, clock.GetUtcNow()));
        }

        foreach (var cut in log.All().Where(operation => !operation.IsOver).ToList())
        {
            FinishRemoval(cut);
            var failure = cut.Outcome == PluginOutcome.Running ? new PluginRefusal(known.FirstOrDefault(culprit => culprit.Id == cut.PluginId)?.Code ?? "plugin.interrupted", Empty) : cut.Failure;
            log.Change(cut.Id, operation => operation with
            {
                EndedAt = operation.EndedAt ?? clock.GetUtcNow(),
                Outcome = operation.Outcome == PluginOutcome.Running ? PluginOutcome.Interrupted : operation.Outcome,
                Failure = failure,
                Steps = [.. operation.Steps.Select(step => step.Outcome == PluginOutcome.Running ? step with { Outcome = PluginOutcome.Interrupted } : step)],
            });
        }

        store.EmptyStaging();
        store.Sweep((_, _) => false);
        return suspects;
    }

    private static IReadOnlyDictionary<string, string> Empty { get; } = new Dictionary<string, string>();

    // Whether it is removed is decided by its state; the rest follows from that.
    private void FinishRemoval(PluginOperation cut)
    {
        if (cut is { Kind: PluginOperationKind.Remove, WithData: true, Outcome: PluginOutcome.Running } && store.Find(cut.PluginId) is null or { Current: null, Level: not PluginTrustLevel.BuiltIn })
        {
            store.DeleteData(cut.PluginId);
            store.Forget(cut.PluginId);
        }
    }
}
