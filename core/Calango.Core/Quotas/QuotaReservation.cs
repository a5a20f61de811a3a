using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Quotas;

/// <summary>What is put aside for a call while it goes on. It is there until somebody settles it: whoever removes the row does.</summary>
public sealed class QuotaReservation
{
    /// <summary>The turn's id, or the completion's.</summary>
    public Guid Id { get; init; }

    /// <summary>Who asked.</summary>
    public Guid AccountId { get; init; }

    /// <summary>How many tokens the prompt was expected to have.</summary>
    public int InputTokens { get; init; }

    /// <summary>How many the answer could have.</summary>
    public int OutputTokens { get; init; }

    /// <summary>What that would have cost, in billionths of a US dollar.</summary>
    public long NanoUsd { get; init; }

    /// <summary>What is put aside, and where.</summary>
    public IReadOnlyList<QuotaHold> Holds { get; init; } = [];

    /// <summary>When nobody can be at it any more: then it is given back.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What a call took of which only the length of its answer is known: the prompt, and in proportion the money.</summary>
    internal QuotaAmount Seen(int outputTokens) =>
        new(InputTokens, outputTokens, (long)(NanoUsd * ((decimal)InputTokens + outputTokens) / Math.Max(1, (long)InputTokens + OutputTokens)));

    internal sealed class Mapping : IEntityTypeConfiguration<QuotaReservation>
    {
        public void Configure(EntityTypeBuilder<QuotaReservation> builder)
        {
            builder.ToTable("quota_reservations");
            builder.HasIndex(reservation => reservation.ExpiresAt);
            // They are replaced, never changed in place.
            builder.Property(reservation => reservation.Holds).HasConversion(
                list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
                json => JsonSerializer.Deserialize<List<QuotaHold>>(json, JsonSerializerOptions.Default)!,
                new ValueComparer<IReadOnlyList<QuotaHold>>((left, right) => ReferenceEquals(left, right), list => list.Count, list => list));
        }
    }
}

/// <summary>A part of a balance that is put aside.</summary>
/// <param name="RuleId">The quota.</param>
/// <param name="HolderId">Whose balance.</param>
/// <param name="Period">In which period.</param>
/// <param name="Amount">How much.</param>
public sealed record QuotaHold(Guid RuleId, Guid HolderId, string Period, long Amount);

/// <summary>What a call takes, or is expected to take.</summary>
/// <param name="InputTokens">Tokens of the prompt.</param>
/// <param name="OutputTokens">Tokens of the answer.</param>
/// <param name="NanoUsd">What they cost, in billionths of a US dollar; 0: the model has no price.</param>
public readonly record struct QuotaAmount(int InputTokens, int OutputTokens, long NanoUsd)
{
    /// <summary>Nothing was used.</summary>
    public static readonly QuotaAmount None;

    /// <summary>How much it is in a unit.</summary>
    public long In(QuotaUnit unit) => unit == QuotaUnit.Tokens ? (long)InputTokens + OutputTokens : NanoUsd;
}
