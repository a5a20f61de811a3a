using Calango.Core.Plugins;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Knowledge;

/// <summary>A place where passages are found by their vectors. The vectors themselves are in the database, whatever it is.</summary>
public sealed class IndexPlace
{
    /// <summary>The place with which every installation begins: the memory of each process.</summary>
    public static readonly Guid MemoryId = new("01900000-0000-7000-8000-000000000003");

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Of which kind it is.</summary>
    public IndexKind Kind { get; init; }

    /// <summary>The plugin that reaches it; null: none does.</summary>
    public string? PluginId { get; init; }

    /// <summary>What it is for now.</summary>
    public IndexRole Role { get; set; }

    /// <summary>The settings that are no secrets, by field name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>();

    /// <summary>The secrets by field name, each encrypted.</summary>
    public IReadOnlyDictionary<string, string> ProtectedSecrets { get; set; } = new Dictionary<string, string>();

    /// <summary>Why it could not be brought up to date when that was tried last: the end of a locale key <c>failure.{code}</c>; null: it was.</summary>
    public string? Failure { get; set; }

    internal StoredSettings Stored => new(Settings, ProtectedSecrets);

    /// <summary>Whether it is the same place, whoever is let in.</summary>
    internal bool IsAt(IndexKind kind, string? pluginId, IReadOnlyDictionary<string, string> settings) =>
        Kind == kind && PluginId == pluginId && Settings.Count == settings.Count && Settings.All(setting => settings.GetValueOrDefault(setting.Key) == setting.Value);

    internal sealed class Mapping : IEntityTypeConfiguration<IndexPlace>
    {
        private const int MaxFailureLength = 60;

        public void Configure(EntityTypeBuilder<IndexPlace> builder)
        {
            builder.ToTable("index_places");
            builder.Property(place => place.PluginId).HasMaxLength(64);
            builder.Property(place => place.Failure).HasMaxLength(MaxFailureLength);
            builder.Ignore(place => place.Stored);
            StoredSettings.AsJson(builder.Property(place => place.Settings));
            StoredSettings.AsJson(builder.Property(place => place.ProtectedSecrets));
            builder.HasData(new IndexPlace { Id = MemoryId, Kind = IndexKind.Memory, Role = IndexRole.InForce });
        }
    }
}

/// <summary>Kinds of places.</summary>
public enum IndexKind
{
    /// <summary>The memory of each process.</summary>
    Memory,

    /// <summary>The database itself, which is PostgreSQL with pgvector.</summary>
    Database,

    /// <summary>A service that a plugin reaches.</summary>
    Plugin,
}

/// <summary>What a place is for.</summary>
public enum IndexRole
{
    /// <summary>It answers.</summary>
    InForce,

    /// <summary>It is being filled, and answers once it is whole.</summary>
    Coming,

    /// <summary>It is being emptied.</summary>
    Going,
}
