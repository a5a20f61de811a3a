using System.Text.Json;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Plugins;

/// <summary>Settings as they lie in the database.</summary>
/// <param name="Settings">Those that are no secrets, by field name.</param>
/// <param name="ProtectedSecrets">The secrets by field name, each encrypted.</param>
internal sealed record StoredSettings(IReadOnlyDictionary<string, string> Settings, IReadOnlyDictionary<string, string> ProtectedSecrets)
{
    public static StoredSettings None { get; } = new(new Dictionary<string, string>(), new Dictionary<string, string>());

    /// <summary>Maps such a dictionary to a column.</summary>
    public static void AsJson(PropertyBuilder<IReadOnlyDictionary<string, string>> property) => property.HasConversion(
        values => JsonSerializer.Serialize(values, JsonSerializerOptions.Default),
        json => JsonSerializer.Deserialize<Dictionary<string, string>>(json, JsonSerializerOptions.Default)!,
        // They are replaced, never changed in place.
        new ValueComparer<IReadOnlyDictionary<string, string>>((left, right) => ReferenceEquals(left, right), values => values.Count, values => values));
}
