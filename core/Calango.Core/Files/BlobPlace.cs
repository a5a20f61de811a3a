using Calango.Core.Plugins;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Files;

/// <summary>A place for blobs: a store's plugin with the settings of one bucket or folder. Never changed in place once read.</summary>
public sealed class BlobPlace
{
    internal const string DiskPlugin = "disk-storage";

    /// <summary>The place with which every installation begins: this machine's disk.</summary>
    public static readonly Guid DiskId = new("01900000-0000-7000-8000-000000000002");

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>The plugin that reaches it.</summary>
    public string PluginId { get; init; } = "";

    /// <summary>What it is for now.</summary>
    public BlobPlaceRole Role { get; set; }

    /// <summary>The settings that are no secrets, by field name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>();

    /// <summary>The secrets by field name, each encrypted.</summary>
    public IReadOnlyDictionary<string, string> ProtectedSecrets { get; set; } = new Dictionary<string, string>();

    internal StoredSettings Stored => new(Settings, ProtectedSecrets);

    /// <summary>Whether it is the same place, whoever is let in.</summary>
    internal bool IsAt(string pluginId, IReadOnlyDictionary<string, string> settings) =>
        PluginId == pluginId && Settings.Count == settings.Count && Settings.All(setting => settings.GetValueOrDefault(setting.Key) == setting.Value);

    internal sealed class Mapping : IEntityTypeConfiguration<BlobPlace>
    {
        public void Configure(EntityTypeBuilder<BlobPlace> builder)
        {
            builder.ToTable("blob_places");
            builder.Property(place => place.PluginId).HasMaxLength(64);
            builder.Ignore(place => place.Stored);
            StoredSettings.AsJson(builder.Property(place => place.Settings));
            StoredSettings.AsJson(builder.Property(place => place.ProtectedSecrets));
            builder.HasData(new BlobPlace { Id = DiskId, PluginId = DiskPlugin, Role = BlobPlaceRole.Active });
        }
    }
}

/// <summary>What a place is for.</summary>
public enum BlobPlaceRole
{
    /// <summary>Nothing: what may lie there is nobody's.</summary>
    Empty,

    /// <summary>Blobs are put there.</summary>
    Active,

    /// <summary>A move is copying to it.</summary>
    Target,

    /// <summary>It has copies from before, or of a move that failed.</summary>
    Former,
}
