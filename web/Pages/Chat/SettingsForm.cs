using System.Globalization;
using System.Numerics;
using Calango.Core.Chat;
using Calango.Core.Errors;

namespace Calango.Web.Pages.Chat;

/// <summary>The parameters of a chat as its form has them; empty: the service's own.</summary>
public sealed record SettingsForm
{
    /// <inheritdoc cref="ConversationSettings.Temperature"/>
    public string? Temperature { get; init; }

    /// <inheritdoc cref="ConversationSettings.MaxOutputTokens"/>
    public string? MaxOutputTokens { get; init; }

    /// <inheritdoc cref="ConversationSettings.SystemPrompt"/>
    public string? SystemPrompt { get; init; }

    /// <inheritdoc cref="ConversationSettings.TokenLimit"/>
    public string? TokenLimit { get; init; }

    /// <summary>"on" or null, as a box says it.</summary>
    public string? KeepsAnswers { get; init; }

    /// <summary>"on" or null, as a box says it.</summary>
    public string? IsImpersonal { get; init; }

    /// <summary>The tools that are ticked.</summary>
    public string[]? Tools { get; init; }

    /// <summary>The collections that are ticked.</summary>
    public Guid[]? Collections { get; init; }

    /// <summary>The folder that a new chat will lie in.</summary>
    public Guid? Folder { get; init; }

    /// <summary>All are left to the service again.</summary>
    public bool Reset { get; init; }

    /// <summary>The form of a chat.</summary>
    public static SettingsForm Of(Conversation conversation) => new()
    {
        Temperature = Written(conversation.Temperature),
        MaxOutputTokens = Written(conversation.MaxOutputTokens),
        SystemPrompt = conversation.SystemPrompt,
        TokenLimit = Written(conversation.TokenLimit),
        KeepsAnswers = conversation.KeepsAnswers ? "on" : null,
        IsImpersonal = conversation.IsImpersonal ? "on" : null,
        Tools = [.. conversation.ToolChoice],
        Collections = [.. conversation.CollectionChoice],
    };

    /// <summary>What is not empty, by the names of the fields.</summary>
    public IEnumerable<(string Name, string Value)> Fields() =>
        from field in new[]
        {
            (nameof(Temperature), Temperature), (nameof(MaxOutputTokens), MaxOutputTokens), (nameof(SystemPrompt), SystemPrompt),
            (nameof(TokenLimit), TokenLimit), (nameof(KeepsAnswers), KeepsAnswers), (nameof(IsImpersonal), IsImpersonal),
            (nameof(Folder), Folder?.ToString()),
        }
        .Concat((Tools ?? []).Select(tool => (nameof(Tools), (string?)tool)))
        .Concat((Collections ?? []).Select(collection => (nameof(Collections), (string?)collection.ToString())))
        where !string.IsNullOrWhiteSpace(field.Item2)
        select (field.Item1, field.Item2);

    /// <summary>What they say.</summary>
    /// <exception cref="RejectedException"><c>parameter.number</c>: one is no number.</exception>
    public ConversationSettings Read() => Reset
        ? new ConversationSettings(null, null, null, null)
        : new ConversationSettings(
            Number<double>("temperature", Temperature), Number<int>("maxOutputTokens", MaxOutputTokens), SystemPrompt, Number<int>("tokenLimit", TokenLimit), KeepsAnswers is not null)
        {
            IsImpersonal = IsImpersonal is not null,
            Tools = Tools ?? [],
            Collections = Collections ?? [],
        };

    // As number fields write it, in every language.
    private static string? Written(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture);

    private static T? Number<T>(string name, string? text) where T : struct, INumberBase<T> =>
        string.IsNullOrWhiteSpace(text) ? null
        : T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw new RejectedException("parameter.number", ("name", name));
}
