using System.Text.Json;
using Calango.Core.Tools;

namespace Calango.Core.Chat;

/// <summary>Says which tools a turn offers its model.</summary>
internal sealed class ToolOffers(ToolCatalog catalog, ToolRules rules)
{
    /// <summary>Those that the chat has chosen, or that were offered to the request that is sent again.</summary>
    public async Task<OfferedTools> ForAsync(TurnRun run, bool callsTools)
    {
        var chosen = run.Repeats is { } trace ? KeysIn(trace) : run.Conversation.ToolChoice;
        if (!callsTools || chosen.Count == 0)
        {
            return OfferedTools.None;
        }

        var said = await rules.OfAsync(run.Turn.AccountId, run.StopRequested);
        var listed = await catalog.ListAsync(run.Turn.AccountId, run.StopRequested);
        return new OfferedTools(
            [.. listed.SelectMany(listing => listing.Tools).Where(tool => ToolKeys.Have(chosen, tool) && OfferedTools.PermissionOf(tool, said) != ToolPermission.Never)], said);
    }

    private static IReadOnlyList<string> KeysIn(TurnTrace trace) =>
        JsonSerializer.Deserialize<TracedParameters>(trace.Parameters, JsonSerializerOptions.Web)?.Tools is { } tools ? [.. tools.Select(tool => tool.Key)] : [];
}
