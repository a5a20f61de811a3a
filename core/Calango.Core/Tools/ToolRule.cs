using Calango.Core.Identity;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Tools;

/// <summary>What a person has said of a tool.</summary>
public sealed class ToolRule
{
    /// <summary>Who.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The tool, as <see cref="ToolKeys.Of"/> names it.</summary>
    public string Key { get; init; } = "";

    /// <summary>What happens when a model calls it.</summary>
    public ToolPermission Permission { get; set; }

    /// <summary>Where a person has said nothing: what asks nobody outside may run, all else is asked for.</summary>
    public static ToolPermission DefaultOf(ToolEffect effect) => effect == ToolEffect.Pure ? ToolPermission.Always : ToolPermission.Ask;

    internal sealed class Mapping : IEntityTypeConfiguration<ToolRule>
    {
        public void Configure(EntityTypeBuilder<ToolRule> builder)
        {
            builder.ToTable("tool_rules");
            builder.HasKey(rule => new { rule.AccountId, rule.Key });
            builder.Property(rule => rule.Key).HasMaxLength(300);
            builder.HasOne<Account>().WithMany().HasForeignKey(rule => rule.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>What happens when a model calls a tool.</summary>
public enum ToolPermission
{
    /// <summary>The person is asked each time.</summary>
    Ask,

    /// <summary>It runs.</summary>
    Always,

    /// <summary>It isn't offered to models at all.</summary>
    Never,
}
