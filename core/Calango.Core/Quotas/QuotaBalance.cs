using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Quotas;

/// <summary>What somebody, or a group, has used of a quota in one period.</summary>
public sealed class QuotaBalance
{
    /// <summary>The quota.</summary>
    public Guid RuleId { get; init; }

    /// <summary>The account, or the group.</summary>
    public Guid HolderId { get; init; }

    /// <summary>The day or the month, as <see cref="KeyOf"/> writes it.</summary>
    public string Period { get; init; } = "";

    /// <summary>What calls that have ended took.</summary>
    public long Used { get; init; }

    /// <summary>What is put aside for calls that go on.</summary>
    public long Reserved { get; init; }

    /// <summary>What an administrator has added for this period.</summary>
    public long Extra { get; init; }

    /// <summary>How a period is named: the day, or the month.</summary>
    public static string KeyOf(QuotaPeriod period, DateTimeOffset at) => at.UtcDateTime.ToString(period == QuotaPeriod.Day ? "yyyy-MM-dd" : "yyyy-MM", CultureInfo.InvariantCulture);

    /// <summary>When the period of a moment is over.</summary>
    public static DateTimeOffset EndOf(QuotaPeriod period, DateTimeOffset at)
    {
        var day = new DateTimeOffset(at.UtcDateTime.Date, TimeSpan.Zero);
        return period == QuotaPeriod.Day ? day.AddDays(1) : day.AddDays(1 - day.Day).AddMonths(1);
    }

    internal sealed class Mapping : IEntityTypeConfiguration<QuotaBalance>
    {
        public void Configure(EntityTypeBuilder<QuotaBalance> builder)
        {
            builder.ToTable("quota_balances");
            builder.HasKey(balance => new { balance.RuleId, balance.HolderId, balance.Period });
            builder.Property(balance => balance.Period).HasMaxLength(10);
            builder.HasOne<QuotaRule>().WithMany().HasForeignKey(balance => balance.RuleId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
