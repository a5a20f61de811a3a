using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Quotas;

/// <summary>How much may be used in a day or a month, and by whom. Of several that hold for a call, each must have room for it.</summary>
public sealed class QuotaRule
{
    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>For whom it is.</summary>
    public QuotaScope Scope { get; init; }

    /// <summary>The account or the group; null: it is for everybody.</summary>
    public Guid? SubjectId { get; init; }

    /// <summary>The model that it is about; null: all together.</summary>
    public Guid? ConnectionId { get; init; }

    /// <inheritdoc cref="ConnectionId"/>
    public string? ModelId { get; init; }

    /// <summary>What is counted.</summary>
    public QuotaUnit Unit { get; init; }

    /// <summary>After which time it begins anew.</summary>
    public QuotaPeriod Period { get; init; }

    /// <summary>How much: tokens, or billionths of a US dollar.</summary>
    public long Limit { get; set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The model that it is about; null: all together.</summary>
    public ModelRef? Model => ConnectionId is { } connection && ModelId is { } model ? new ModelRef(connection, model) : null;

    /// <summary>Whether it counts calls of a model.</summary>
    public bool IsAbout(ModelRef model) => Model is null || Model == model;

    /// <summary>Whose balance somebody uses up by it: their own, or their group's.</summary>
    internal Guid HolderOf(Guid accountId) => Scope == QuotaScope.Group ? SubjectId!.Value : accountId;

    internal sealed class Mapping : IEntityTypeConfiguration<QuotaRule>
    {
        public void Configure(EntityTypeBuilder<QuotaRule> builder)
        {
            builder.ToTable("quota_rules");
            builder.Property(rule => rule.ModelId).HasMaxLength(ModelRef.MaxModelIdLength);
            builder.Ignore(rule => rule.Model);
            builder.HasIndex(rule => rule.SubjectId);
        }
    }
}

/// <summary>For whom a quota is. Stored as a number: a member keeps its value.</summary>
public enum QuotaScope
{
    /// <summary>Everybody, each by themselves.</summary>
    Everybody,

    /// <summary>One person.</summary>
    Person,

    /// <summary>The people of a group, together.</summary>
    Group,
}

/// <summary>What a quota counts. Stored as a number: a member keeps its value.</summary>
public enum QuotaUnit
{
    /// <summary>Tokens of prompts and answers.</summary>
    Tokens,

    /// <summary>What they cost by the table of prices.</summary>
    Money,
}

/// <summary>After which time a quota begins anew, by the calendar of UTC. Stored as a number: a member keeps its value.</summary>
public enum QuotaPeriod
{
    /// <summary>At midnight.</summary>
    Day,

    /// <summary>On the first of the month.</summary>
    Month,
}
