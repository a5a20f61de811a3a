using Calango.Core.Memory;
using Calango.Web.Pages.Knowledge;
using Calango.Web.Text;

namespace Calango.Web.Pages;

/// <summary>Shows whether the viewer's chats are found by what they mean, too.</summary>
public sealed class ChatMemoryViews(Viewer viewer, ChatMemories memories, EmbedderChoices embedders)
{
    /// <summary>As it is.</summary>
    /// <param name="chosen">The model that is chosen in the form; null: the one that there is, or the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ChatMemoryView> OfAsync(string? chosen, CancellationToken cancellationToken)
    {
        var memory = await memories.FindAsync(viewer.AccountId, cancellationToken);
        var (placed, all) = memory is null ? (0, 0) : await memories.CountAsync(memory, cancellationToken);
        var now = memory?.Embedder.Model.ToString() ?? chosen;
        var choice = now is null ? await embedders.NewAsync(cancellationToken) : await embedders.WithAsync(now, translates: false, cancellationToken);
        return new ChatMemoryView(memory, placed, all, choice.Chosen.Length > 0 || choice.Offered.Count == 0 ? choice : choice with { Chosen = choice.Offered[0].Ref.ToString() });
    }
}

/// <summary>Whether somebody's chats are found by what they mean, too.</summary>
/// <param name="Memory">Null: they do not want it.</param>
/// <param name="Placed">How many of their messages can be found so.</param>
/// <param name="All">How many there are.</param>
/// <param name="Embedder">The choice of the model.</param>
public sealed record ChatMemoryView(ChatMemory? Memory, int Placed, int All, EmbedderChoiceView Embedder)
{
    /// <summary>Why what was wanted was not done; null: it was.</summary>
    public string? Refusal { get; init; }
}
