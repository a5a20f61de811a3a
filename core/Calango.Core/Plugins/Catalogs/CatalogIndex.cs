using System.Text.Json.Serialization;
using NuGet.Versioning;

namespace Calango.Core.Plugins;

/// <summary>What a catalog's <c>index.json</c> says: which plugins there are, in which versions, and what was taken back.</summary>
public sealed record CatalogIndex
{
    /// <summary>The name of the file.</summary>
    public const string FileName = "index.json";

    /// <summary>The version of this form; 1.</summary>
    public required int Schema { get; init; }

    /// <summary>Grows with each change: one that is lower than last time is an old copy, or somebody's trick.</summary>
    public required long Serial { get; init; }

    /// <summary>The plugins, by id.</summary>
    public required IReadOnlyList<CatalogPlugin> Plugins { get; init; }

    /// <summary>Ids of keys and digests of packages that were taken back.</summary>
    public required IReadOnlyList<string> Revoked { get; init; }
}

/// <summary>A plugin in a catalog.</summary>
public sealed record CatalogPlugin
{
    /// <summary>The plugin.</summary>
    public required string Id { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; init; }

    /// <summary>Who publishes it.</summary>
    public required string Publisher { get; init; }

    /// <summary>The versions, the newest first.</summary>
    public required IReadOnlyList<CatalogVersion> Versions { get; init; }
}

/// <summary>A version of a plugin in a catalog. All but its digest is what the catalog says; what counts is what the package says.</summary>
public sealed record CatalogVersion
{
    /// <summary>The version.</summary>
    public required string Version { get; init; }

    /// <summary>The versions of Calango.Sdk with which it works.</summary>
    public required string Contract { get; init; }

    /// <summary>Its package, beside the index.</summary>
    public required string File { get; init; }

    /// <summary>The package's SHA-256.</summary>
    public required string Digest { get; init; }

    /// <summary>The package's length in bytes.</summary>
    public required long Length { get; init; }

    /// <summary>The key that signs it; null: it is unsigned.</summary>
    public string? Key { get; init; }

    /// <summary>What is new in it, for people.</summary>
    public string? Changes { get; init; }

    /// <summary>What it provides, as its manifest says.</summary>
    // The generated reader sets what is missing to null.
    public IReadOnlyList<string> Provides { get; init => field = value ?? []; } = [];

    /// <summary>What it reaches for outside of itself, as its manifest says.</summary>
    public PluginCapabilities Capabilities { get; init => field = value ?? new(); } = new();

    /// <summary>Whether this server has the contract that it needs.</summary>
    [JsonIgnore]
    public bool FitsHere => ContractRange.Parse(Contract).HasCurrent;

    /// <summary>The contract that this server has.</summary>
    public static string ContractHere => ContractRange.Present;

    /// <summary>Whether it is newer than another version.</summary>
    public bool IsNewerThan(string version) => SemanticVersion.Parse(Version) > SemanticVersion.Parse(version);
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CatalogIndex))]
internal sealed partial class CatalogJson : JsonSerializerContext;
