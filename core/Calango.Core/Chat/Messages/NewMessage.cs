using Calango.Core.Models;

namespace Calango.Core.Chat;

/// <summary>What a person sends.</summary>
/// <param name="ConversationId">The chat; null: a new one.</param>
/// <param name="Text">The question.</param>
/// <param name="ClientMessageId">Made by the page once a message: sending it again is the same turn.</param>
/// <param name="Model">The model to ask; null: the chat's, or the person's last.</param>
/// <param name="RequestId">The request, for the logs.</param>
/// <param name="Settings">How a new chat starts; ignored in one that exists.</param>
/// <param name="FolderId">Where a new chat lies; one that is not there any more is none.</param>
public sealed record NewMessage(
    Guid? ConversationId, string Text, Guid ClientMessageId, ModelRef? Model, string RequestId, ConversationSettings? Settings = null, Guid? FolderId = null)
{
    /// <summary>The chat's pictures that go with it, in their order; with one, there need be no text.</summary>
    public IReadOnlyList<Guid> Pictures { get; init; } = [];
}
