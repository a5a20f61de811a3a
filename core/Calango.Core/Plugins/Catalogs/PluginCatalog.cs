namespace Calango.Core.Plugins;

/// <summary>A catalog that an administrator added, with what it said when it was last read well.</summary>
public sealed record PluginCatalog
{
    /// <summary>Its id here.</summary>
    public required Guid Id { get; init; }

    /// <summary>The folder, or the address.</summary>
    public required string Place { get; init; }

    /// <summary>Since when it is here.</summary>
    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>When it was last read well.</summary>
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>When it was last tried.</summary>
    public required DateTimeOffset TriedAt { get; init; }

    /// <summary>Why it could not be read the last time; null: it could.</summary>
    public PluginRefusal? Failure { get; init; }

    /// <summary>What it said.</summary>
    public required CatalogIndex Index { get; init; }

    /// <summary>Whether it says itself that a version was taken back.</summary>
    public bool HasTakenBack(CatalogVersion version) => Index.Revoked.Contains(version.Digest) || (version.Key is { } key && Index.Revoked.Contains(key));
}

/// <summary>A newer version of an installed plugin, and where it is.</summary>
/// <param name="CatalogId">The catalog.</param>
/// <param name="Version">The version.</param>
public sealed record PluginUpdate(Guid CatalogId, CatalogVersion Version);
