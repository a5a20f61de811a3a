using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Plugins;

/// <summary>What an administrator has said of a plugin, for the whole server. Never changed in place once read.</summary>
public sealed class PluginSettings
{
    /// <summary>The plugin.</summary>
    public string PluginId { get; init; } = "";

    /// <summary>Whether it is used.</summary>
    public bool IsOn { get; set; }

    /// <summary>Whether it may see what people and models write.</summary>
    public bool SeesText { get; set; }

    /// <summary>The settings that are no secrets, by field name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>();

    /// <summary>The secrets by field name, each encrypted.</summary>
    public IReadOnlyDictionary<string, string> ProtectedSecrets { get; set; } = new Dictionary<string, string>();

    internal StoredSettings Stored => new(Settings, ProtectedSecrets);

    internal sealed class Mapping : IEntityTypeConfiguration<PluginSettings>
    {
        public void Configure(EntityTypeBuilder<PluginSettings> builder)
        {
            builder.ToTable("plugin_settings");
            builder.HasKey(settings => settings.PluginId);
            builder.Property(settings => settings.PluginId).HasMaxLength(64);
            builder.Ignore(settings => settings.Stored);
            StoredSettings.AsJson(builder.Property(settings => settings.Settings));
            StoredSettings.AsJson(builder.Property(settings => settings.ProtectedSecrets));
        }
    }
}
