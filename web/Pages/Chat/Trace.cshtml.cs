using System.Text.Json;
using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Chat;

/// <summary>What was really sent for an answer, and how the calls went.</summary>
public sealed class Trace(Viewer viewer, Turns turns) : PageModel
{
    /// <summary>The turn.</summary>
    public Turn Turn { get; private set; } = null!;

    /// <summary>The prompt as it was sent.</summary>
    public IReadOnlyList<TracedMessage> Prompt { get; private set; } = [];

    /// <summary>Each call of the model's service.</summary>
    public IReadOnlyList<TracedAttempt> Attempts { get; private set; } = [];

    /// <summary>The calls of tools.</summary>
    public IReadOnlyList<ToolUse> Uses { get; private set; } = [];

    /// <summary>The parameters, as JSON.</summary>
    public string Parameters { get; private set; } = "{}";

    /// <summary>A model was called, and what it was sent is not kept: the answer is old, or a copy.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        Turn = await turns.FindAsync(viewer.AccountId, id, cancellationToken) ?? throw new NotFoundException();
        Uses = await turns.UsesAsync(viewer.AccountId, id, cancellationToken);
        if (await turns.TraceAsync(viewer.AccountId, id, cancellationToken) is { } trace)
        {
            Prompt = JsonSerializer.Deserialize<List<TracedMessage>>(trace.Prompt, JsonSerializerOptions.Web) ?? [];
            Attempts = JsonSerializer.Deserialize<List<TracedAttempt>>(trace.Attempts, JsonSerializerOptions.Web) ?? [];
            Parameters = trace.Parameters;
        }
        else
        {
            IsGone = Turn is { StartedAt: not null, IsRunning: false };
        }
    }
}
