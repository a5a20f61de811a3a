using Calango.Core.Models;

namespace Calango.Core.Chat;

/// <summary>How many tokens a prompt may have.</summary>
/// <param name="Tokens">The limit that counts: the person's, or what the window leaves when the answer has its part.</param>
/// <param name="Window">The model's window; null: unknown.</param>
public readonly record struct PromptBudget(int Tokens, int? Window)
{
    // For a model that doesn't say: small enough for nearly all that are in use.
    private const int AssumedWindow = 8_192;

    /// <summary>The budget of the next turn of a chat.</summary>
    public static PromptBudget Of(Conversation conversation, CatalogModel? model)
    {
        var window = model?.ContextTokens ?? AssumedWindow;
        var answer = Math.Min(conversation.MaxOutputTokens ?? Math.Min(4_096, window / 4), window / 2);
        var left = window - answer;
        return new PromptBudget(conversation.TokenLimit is { } limit ? Math.Min(limit, left) : left, model?.ContextTokens);
    }
}
