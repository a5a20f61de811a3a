using System.Security.Cryptography;
using System.Text;
using Calango.Core.Plugins;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Tools;

/// <summary>A server of tools: a source plugin with the settings of one. Never changed in place once read.</summary>
public sealed class ToolServer
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>The plugin that speaks to it.</summary>
    public string PluginId { get; init; } = "";

    /// <summary>For people.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whether chats may use it.</summary>
    public bool IsOn { get; set; } = true;

    /// <summary>The settings that are no secrets, by field name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>();

    /// <summary>The secrets by field name, each encrypted.</summary>
    public IReadOnlyDictionary<string, string> ProtectedSecrets { get; set; } = new Dictionary<string, string>();

    /// <summary>Changes with each edit.</summary>
    public Guid Version { get; set; }

    /// <summary>Whether it is the one server that its plugin has.</summary>
    public bool IsOnlyOne => Id == OnlyIdOf(PluginId);

    internal StoredSettings Stored => new(Settings, ProtectedSecrets);

    /// <summary>The one server of a source that has no other: the same id in every installation.</summary>
    internal static ToolServer OnlyOneOf(ToolSourceInfo source) => new() { Id = OnlyIdOf(source.PluginId), PluginId = source.PluginId, Name = source.Name };

    internal static Guid OnlyIdOf(string pluginId) => new(SHA256.HashData(Encoding.UTF8.GetBytes($"tools of {pluginId}")).AsSpan(0, 16));

    internal sealed class Mapping : IEntityTypeConfiguration<ToolServer>
    {
        public void Configure(EntityTypeBuilder<ToolServer> builder)
        {
            builder.ToTable("tool_servers");
            builder.Property(server => server.PluginId).HasMaxLength(64);
            builder.Property(server => server.Name).HasMaxLength(MaxNameLength);
            builder.Ignore(server => server.Stored);
            builder.Ignore(server => server.IsOnlyOne);
            StoredSettings.AsJson(builder.Property(server => server.Settings));
            StoredSettings.AsJson(builder.Property(server => server.ProtectedSecrets));
        }
    }
}
