using System.Globalization;

namespace Calango.Web.Configuration;

/// <summary>The value of a setting and where it comes from.</summary>
/// <param name="Key">Which setting.</param>
/// <param name="Values">One, none where nobody gave it, or some of a list; each is permitted.</param>
/// <param name="Origin">A variable, a file and line, or <c>default</c>.</param>
internal sealed record Setting(SettingKey Key, IReadOnlyList<string> Values, string Origin)
{
    private const string Nobody = "default";

    /// <summary>A variable that other programs read too says what cannot be used here: it is left out.</summary>
    public bool IsUnusable { get; init; }

    /// <summary>Nobody set it.</summary>
    public bool IsDefault => Origin == Nobody;

    /// <summary>Its variable set it.</summary>
    public bool IsOfEnvironment => Origin == Key.Variable;

    /// <summary>The one value; null: none.</summary>
    public string? Text => Values.Count > 0 ? Values[0] : null;

    /// <summary>The value of a number that has a default.</summary>
    public int Number => NumberOf(Values[0]);

    /// <summary>The values of a list of numbers.</summary>
    public IReadOnlyList<int> Numbers => [.. Values.Select(NumberOf)];

    /// <summary>What may be printed of it.</summary>
    public string Shown => string.Join(", ", Values.Select(Key.Kind.Show));

    /// <summary>The one line that says why a value is left out. What it is may be secret, such as a key in the wrong variable.</summary>
    public string Warning => $"{Origin} has a value that cannot be used and is left out; {Key.Name} can be {Key.Permitted}.";

    /// <summary>The setting without a word from anybody.</summary>
    public static Setting Default(SettingKey key) => key.Default is null ? new Setting(key, [], Nobody) : Read(key, key.Default, Nobody);

    /// <summary>Reads what a variable says. A variable that isn't ours alone stops nothing.</summary>
    /// <exception cref="Hosting.StartRefusedException">It is ours, and not permitted.</exception>
    public static Setting OfVariable(SettingKey key, string text) =>
        Variables.IsOurs(key.Variable) || key.Kind.Read(text.Trim()) is not null ? Read(key, text, key.Variable) : new Setting(key, [], key.Variable) { IsUnusable = true };

    /// <summary>Reads and checks what one text says; a list may be in it, with ; or , between its values.</summary>
    /// <exception cref="Hosting.StartRefusedException">It is not permitted.</exception>
    public static Setting Read(SettingKey key, string text, string origin) =>
        Read(key, key.Kind.IsList ? text.Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) : [text.Trim()], origin);

    /// <inheritdoc cref="Read(SettingKey, string, string)"/>
    public static Setting Read(SettingKey key, IEnumerable<string> texts, string origin) =>
        new(key, [.. texts.Select(text => key.Kind.Read(text) ?? throw key.Refusal(origin, Mistake(key, text)))], origin);

    private static string Mistake(SettingKey key, string text) =>
        key.Kind.IsSecret ? "has a value that cannot be used" : $"{(key.Kind.IsList ? "has" : "is")} '{OneLine.Of(key.Kind.Show(text))}'";

    private static int NumberOf(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
