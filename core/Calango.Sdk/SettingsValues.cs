namespace Calango.Sdk;

/// <summary>
/// A snapshot of stored settings by field name, secrets in clear: hand it on, never keep or log it. Immutable. Its text
/// form names the fields only.
/// </summary>
public sealed class SettingsValues(IReadOnlyDictionary<string, string> values)
{
    /// <summary>The value of a field; null if absent.</summary>
    public string? this[string name] => values.GetValueOrDefault(name);

    /// <summary>The names of the fields that have a value.</summary>
    public IEnumerable<string> Names => values.Keys;

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Names);
}
