using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>That only some groups may use something. Where there is none for it, everybody may.</summary>
public sealed class AccessLimit
{
    internal const int MaxKeyLength = 400;

    /// <summary>What kind of thing it is.</summary>
    public AccessKind Kind { get; init; }

    /// <summary>Names it among its kind.</summary>
    public string Key { get; init; } = "";

    /// <summary>Who may. One that has been removed stays named: nobody is let in because a group is gone.</summary>
    public IReadOnlyList<Guid> Groups { get; init; } = [];

    internal sealed class Mapping : IEntityTypeConfiguration<AccessLimit>
    {
        public void Configure(EntityTypeBuilder<AccessLimit> builder)
        {
            builder.ToTable("access_limits");
            builder.HasKey(limit => new { limit.Kind, limit.Key });
            builder.Property(limit => limit.Key).HasMaxLength(MaxKeyLength);
            // It is replaced, never changed in place.
            builder.Property(limit => limit.Groups).HasConversion(
                list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
                json => JsonSerializer.Deserialize<List<Guid>>(json, JsonSerializerOptions.Default)!,
                new ValueComparer<IReadOnlyList<Guid>>((left, right) => ReferenceEquals(left, right), list => list.Count, list => list));
        }
    }
}

/// <summary>What can be limited to groups. Stored as a number: a member keeps its value.</summary>
public enum AccessKind
{
    /// <summary>A model of a connection.</summary>
    Model,

    /// <summary>A tool, or all tools of a server.</summary>
    Tool,

    /// <summary>A plugin, with the models and tools that come through it.</summary>
    Plugin,
}
