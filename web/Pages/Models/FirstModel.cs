using Calango.Core.Models;
using Calango.Web.Text;

namespace Calango.Web.Pages.Models;

/// <summary>Sends a person who has just made a connection on: to a chat with its model, to the choice of one, or back to the list.</summary>
public sealed class FirstModel(Viewer viewer, ModelCatalog catalog, Core.Chat.Conversations conversations)
{
    /// <summary>The address to go to.</summary>
    /// <param name="connectionId">The new connection.</param>
    /// <param name="isOneClick">The person wants to chat at once: the first model is chosen.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string> ChooseAsync(Guid connectionId, bool isOneClick, CancellationToken cancellationToken)
    {
        await catalog.RefreshAsync(connectionId, cancellationToken);
        var models = (await catalog.ListAsync(viewer.AccountId, cancellationToken)).Where(model => model.Ref.ConnectionId == connectionId).ToList();
        if (models.Count == 0 || (!isOneClick && await HasChosenAsync(cancellationToken)))
        {
            return "/models";
        }

        await conversations.UseForNewAsync(viewer.AccountId, models[0].Ref, cancellationToken);
        return isOneClick || models.Count == 1 ? "/" : "/models/picker";
    }

    private async Task<bool> HasChosenAsync(CancellationToken cancellationToken) =>
        await conversations.ModelForNewAsync(viewer.AccountId, cancellationToken) is { } model
        && await catalog.FindKnownAsync(viewer.AccountId, model, cancellationToken) is not null;
}
