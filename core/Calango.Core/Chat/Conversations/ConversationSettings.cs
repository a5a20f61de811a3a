using System.Globalization;
using Calango.Core.Errors;
using Calango.Core.Tools;

namespace Calango.Core.Chat;

/// <summary>How the turns of a chat run; null: the service's own.</summary>
/// <param name="Temperature">Sampling temperature, 0 to 2.</param>
/// <param name="MaxOutputTokens">The longest answer, in tokens.</param>
/// <param name="SystemPrompt">Goes before every prompt.</param>
/// <param name="TokenLimit">How many tokens a prompt may have.</param>
/// <param name="KeepsAnswers">Its answers are kept, and given again to the very same request.</param>
public sealed record ConversationSettings(double? Temperature, int? MaxOutputTokens, string? SystemPrompt, int? TokenLimit, bool KeepsAnswers = false)
{
    /// <summary>Its turns are told nothing of what the person wants each model to know: see <see cref="PersonalNotes"/>.</summary>
    public bool IsImpersonal { get; init; }

    /// <summary>The tools that its turns may use, as <see cref="ToolKeys"/> names them.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>The collections in which its turns look.</summary>
    public IReadOnlyList<Guid> Collections { get; init; } = [];

    /// <summary>The smallest limit of a prompt that still holds a question.</summary>
    public const int MinTokenLimit = 256;

    private const int MaxTokens = 10_000_000;
    private const int MostCollections = 50;

    /// <exception cref="RejectedException">A value is out of its range.</exception>
    public void Validate()
    {
        Require("temperature", Temperature, 0, 2);
        Require("maxOutputTokens", MaxOutputTokens, 1, MaxTokens);
        Require("tokenLimit", TokenLimit, MinTokenLimit, MaxTokens);
        if (SystemPrompt?.Length > Conversation.MaxSystemPromptLength)
        {
            throw new RejectedException("systemPrompt.tooLong", ("limit", Conversation.MaxSystemPromptLength.ToString("N0", CultureInfo.InvariantCulture)));
        }
    }

    internal void ApplyTo(Conversation conversation)
    {
        conversation.Temperature = Temperature;
        conversation.MaxOutputTokens = MaxOutputTokens;
        conversation.SystemPrompt = string.IsNullOrWhiteSpace(SystemPrompt) ? null : MessageText.Clean(SystemPrompt);
        conversation.TokenLimit = TokenLimit;
        conversation.KeepsAnswers = KeepsAnswers;
        conversation.IsImpersonal = IsImpersonal;
        conversation.ChosenTools = ToolKeys.Join(Tools);
        conversation.ChosenCollections = string.Join('\n', Collections.Distinct().Take(MostCollections));
        conversation.HadTools |= conversation.ChosenTools.Length > 0;
    }

    private static void Require(string parameter, double? value, double minimum, double maximum)
    {
        // Written so that NaN is refused too.
        if (value is { } number && !(number >= minimum && number <= maximum))
        {
            throw new RejectedException($"parameter.{parameter}", ("min", minimum.ToString(CultureInfo.InvariantCulture)), ("max", maximum.ToString(CultureInfo.InvariantCulture)));
        }
    }
}
