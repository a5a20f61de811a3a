using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Files;

/// <summary>A copying move from one place to another, or the removal of copies, and how far it is.</summary>
public sealed class BlobMove
{
    /// <summary>Rises with time.</summary>
    public Guid Id { get; init; }

    /// <summary>The place that it copies from, or that is emptied.</summary>
    public Guid FromId { get; init; }

    /// <summary>The place that has them in the end.</summary>
    public Guid ToId { get; init; }

    /// <summary>Where it is.</summary>
    public BlobMoveState State { get; set; }

    /// <summary>When it began.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended; null: it hasn't.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>How many blobs it has found so far.</summary>
    public long Found { get; set; }

    /// <summary>How many of them are copied and compared, or removed.</summary>
    public long Done { get; set; }

    /// <summary>The bytes of those.</summary>
    public long Bytes { get; set; }

    /// <summary>How many copies stay, since the other place doesn't have the like.</summary>
    public long Kept { get; set; }

    /// <summary>Why it failed: the end of a locale key; null: it didn't.</summary>
    public string? FailureCode { get; set; }

    /// <summary>Until when the process that works on it has it for itself.</summary>
    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>Whether somebody works on it or has to.</summary>
    public bool IsRunning => State is BlobMoveState.Copying or BlobMoveState.Following or BlobMoveState.Removing;

    internal sealed class Mapping : IEntityTypeConfiguration<BlobMove>
    {
        public void Configure(EntityTypeBuilder<BlobMove> builder)
        {
            builder.ToTable("blob_moves");
            builder.Property(move => move.FailureCode).HasMaxLength(100);
            builder.Ignore(move => move.IsRunning);
            builder.HasOne<BlobPlace>().WithMany().HasForeignKey(move => move.FromId).OnDelete(DeleteBehavior.Restrict);
            builder.HasOne<BlobPlace>().WithMany().HasForeignKey(move => move.ToId).OnDelete(DeleteBehavior.Restrict);
        }
    }
}

/// <summary>Where a move is.</summary>
public enum BlobMoveState
{
    /// <summary>Blobs are copied and compared; the old place is still the one that counts.</summary>
    Copying,

    /// <summary>The new place counts; what was put into the old one in the last moment is copied.</summary>
    Following,

    /// <summary>The copies are removed from a place that counts no more.</summary>
    Removing,

    /// <summary>It has ended as it should.</summary>
    Done,

    /// <summary>It could not be done; what counted before counts still.</summary>
    Failed,
}
