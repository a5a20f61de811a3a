namespace Calango.Core.Plugins;

/// <summary>What is stored of a catalog.</summary>
internal sealed record CatalogRecord
{
    /// <summary>A folder of the server, or an http or https address, without index.json.</summary>
    public required string Place { get; init; }

    /// <summary>As it was last read; null: it never was.</summary>
    public CatalogIndex? Index { get; init; }

    /// <summary>When it was last read.</summary>
    public DateTimeOffset? ReadAt { get; init; }
}
