using Calango.Core.Plugins;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Models;

/// <summary>A way to models: a provider plugin with the settings and secrets of one service. Never changed in place once read.</summary>
public sealed class Connection
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>The provider that is asked, e.g. <c>openai-compatible</c>.</summary>
    public string ProviderId { get; init; } = "";

    /// <summary>The preset it was made from; empty: none.</summary>
    public string PresetId { get; set; } = "";

    /// <summary>For people.</summary>
    public string Name { get; set; } = "";

    /// <summary>The settings that are no secrets, by field name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>();

    /// <summary>The secrets by field name, each encrypted. Only <see cref="Connections"/> can read them.</summary>
    public IReadOnlyDictionary<string, string> ProtectedSecrets { get; set; } = new Dictionary<string, string>();

    /// <summary>Its place in lists, from 0.</summary>
    public int Position { get; set; }

    /// <summary>How long its models may take.</summary>
    public TimeLimits Limits { get; set; } = new();

    /// <summary>How much of it may be asked at once, and with whom it shares that.</summary>
    public ConnectionLoad Load { get; set; } = new();

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Changes with each edit, so that nobody goes on with a client made from older settings.</summary>
    public Guid Version { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Connection>
    {
        public void Configure(EntityTypeBuilder<Connection> builder)
        {
            builder.ToTable("connections");
            builder.Property(connection => connection.ProviderId).HasMaxLength(100);
            builder.Property(connection => connection.PresetId).HasMaxLength(100);
            builder.Property(connection => connection.Name).HasMaxLength(MaxNameLength);
            builder.ComplexProperty(connection => connection.Limits, limits =>
            {
                limits.Property(limit => limit.FirstTokenSeconds).HasColumnName("FirstTokenSeconds");
                limits.Property(limit => limit.BetweenTokensSeconds).HasColumnName("BetweenTokensSeconds");
                limits.Property(limit => limit.WholeTurnSeconds).HasColumnName("WholeTurnSeconds");
            });
            builder.ComplexProperty(connection => connection.Load, load =>
            {
                load.Property(value => value.MaxConcurrent).HasColumnName("MaxConcurrent");
                load.Property(value => value.Pool).HasColumnName("Pool").HasMaxLength(MaxNameLength).HasDefaultValue("");
            });
            StoredSettings.AsJson(builder.Property(connection => connection.Settings));
            StoredSettings.AsJson(builder.Property(connection => connection.ProtectedSecrets));
        }
    }
}
