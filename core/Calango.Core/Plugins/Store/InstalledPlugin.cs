using System.Text.Json.Serialization;

namespace Calango.Core.Plugins;

/// <summary>What is stored of a plugin that was installed from a package.</summary>
public sealed record InstalledPlugin
{
    /// <summary>The plugin.</summary>
    public required string Id { get; init; }

    /// <summary>The version that serves, as the store's folder is named: <c>1.2.0-0123456789ab</c>; null: it was removed and its data kept.</summary>
    public string? Current { get; init; }

    /// <summary>The one before, to go back to; null: there is none.</summary>
    public string? Previous { get; init; }

    /// <summary>Whether it is to serve.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Who published it first: the id is theirs.</summary>
    public required string Publisher { get; init; }

    /// <summary>Their key; null: it was unsigned.</summary>
    public string? Key { get; init; }

    /// <summary>How far it was trusted when it was consented to.</summary>
    public required PluginTrustLevel Level { get; init; }

    /// <summary>Whether it was consented to that it runs in the server's process although it is not trusted.</summary>
    public bool AcceptsInProcess { get; init; }

    /// <summary>The catalog that it was installed from; null: it was handed in, or fetched from an address.</summary>
    public Guid? Catalog { get; init; }

    /// <summary>How many starts of the server in a row it did not survive.</summary>
    public int FailedStarts { get; init; }
}

/// <summary>A version that may not be started: it ended the server's process, or failed too often.</summary>
/// <param name="PluginId">The plugin.</param>
/// <param name="Version">As the store's folder is named; of a built-in plugin, its version.</param>
/// <param name="Code">Why: the end of the locale key <c>error.{code}</c>.</param>
/// <param name="At">Since when.</param>
public sealed record PluginQuarantine(string PluginId, string Version, string Code, DateTimeOffset At)
{
    private const int DigestLength = 12;

    /// <summary>The version, for people.</summary>
    [JsonIgnore]
    public string ShownVersion => Version.LastIndexOf('-') is var dash and > 0 && Version.Length - dash - 1 == DigestLength ? Version[..dash] : Version;
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(InstalledPlugin))]
[JsonSerializable(typeof(PluginCatalog))]
[JsonSerializable(typeof(TrustRecord))]
[JsonSerializable(typeof(IReadOnlyList<PluginQuarantine>))]
[JsonSerializable(typeof(PluginOperation))]
internal sealed partial class StoreJson : JsonSerializerContext;
