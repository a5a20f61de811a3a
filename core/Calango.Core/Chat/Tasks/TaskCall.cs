using Calango.Core.Models;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>A call of a model for a small task beside the answers of a chat.</summary>
/// <param name="Task">The task.</param>
/// <param name="Turn">To which it belongs.</param>
/// <param name="Model">The model called.</param>
/// <param name="Prompt">What it was asked.</param>
/// <param name="MaxOutputTokens">The longest answer.</param>
/// <param name="StartedAt">When.</param>
internal sealed record TaskCall(ModelTask Task, Turn Turn, CatalogModel Model, IReadOnlyList<ChatMessage> Prompt, int MaxOutputTokens, DateTimeOffset StartedAt)
{
    /// <summary>By which measurements tell it from others.</summary>
    public string Purpose => Task == ModelTask.Title ? CallTelemetry.OfTitle : CallTelemetry.OfQuestion;
}

/// <summary>What a model said to a small task.</summary>
/// <param name="Text">Without what it thought before.</param>
/// <param name="Model">The model.</param>
/// <param name="InputTokens">Tokens of what it was asked; an estimate where its service doesn't count.</param>
/// <param name="OutputTokens">Tokens of what it said; likewise.</param>
/// <param name="CostNanoUsd">In billionths of a US dollar; null: the model has no price.</param>
internal sealed record TaskAnswer(string Text, CatalogModel Model, int InputTokens, int OutputTokens, long? CostNanoUsd);
