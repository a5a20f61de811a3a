using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Exchange;

/// <summary>A file of chats that somebody has brought: it is looked at, and, once they have seen what is in it and said so, taken in.</summary>
public sealed class ChatImport
{
    /// <summary>The longest name of a file that is kept, in UTF-16 units.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Id; rises with time.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The name of the file, for people.</summary>
    public required string FileName { get; init; }

    /// <summary>Its bytes.</summary>
    public long Length { get; init; }

    /// <summary>Where it is.</summary>
    public ImportState State { get; set; }

    /// <summary>What is in it, as JSON; null: nobody has looked yet.</summary>
    public string? Seen { get; set; }

    /// <summary>What has become of it so far, as JSON; null: nothing.</summary>
    public string? Taken { get; set; }

    /// <summary>How many of its chats are done.</summary>
    public int Done { get; set; }

    /// <summary>Why it failed: the end of a locale key, <c>error.exchange.{code}</c>; null: it has not.</summary>
    public string? Failure { get; set; }

    /// <summary>When it was brought.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Who is at it; null: nobody is.</summary>
    public Guid? ClaimedBy { get; set; }

    /// <summary>Until when; after that they are gone.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>Something is being done with it: somebody who looks wants to see it move.</summary>
    public bool IsUnderWay => State is ImportState.Looking or ImportState.Running;

    /// <summary>What is in it; null: nobody has looked yet.</summary>
    public ImportReport? Plan => Seen is null ? null : ImportReport.Read(Seen);

    /// <summary>What has become of it so far; null: nothing.</summary>
    public ImportReport? Result => Taken is null ? null : ImportReport.Read(Taken);

    internal sealed class Mapping : IEntityTypeConfiguration<ChatImport>
    {
        public void Configure(EntityTypeBuilder<ChatImport> builder)
        {
            builder.ToTable("chat_imports");
            builder.Ignore(import => import.IsUnderWay).Ignore(import => import.Plan).Ignore(import => import.Result);
            builder.Property(import => import.FileName).HasMaxLength(MaxNameLength);
            builder.Property(import => import.Failure).HasMaxLength(60);
            builder.HasIndex(import => new { import.AccountId, import.Id });
            builder.HasIndex(import => import.State).HasFilter("\"State\" < 2");
            builder.HasOne<Account>().WithMany().HasForeignKey(import => import.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>Where an import is. It ends in one of the last three.</summary>
public enum ImportState
{
    /// <summary>Somebody is to look at it, or does.</summary>
    Looking,

    /// <summary>It is to be taken in, or is.</summary>
    Running,

    /// <summary>It was looked at, and waits for a person's word.</summary>
    Ready,

    /// <summary>It was taken in.</summary>
    Done,

    /// <summary>A person ended it; the chats that were done by then are there.</summary>
    Canceled,

    /// <summary>It could not be read, or not stored; the chats that were done by then are there.</summary>
    Failed,
}
