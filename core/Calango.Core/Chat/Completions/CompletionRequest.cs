using Calango.Core.Models;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>What a program asks a model.</summary>
/// <param name="AccountId">For whom it asks.</param>
/// <param name="Model">The model.</param>
/// <param name="Messages">All that the model is to know.</param>
/// <param name="Options">How it is to answer. The model's name in it is not used.</param>
public sealed record CompletionRequest(Guid AccountId, CatalogModel Model, IReadOnlyList<ChatMessage> Messages, ChatOptions Options);
