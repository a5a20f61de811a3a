using Calango.Core.Search;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Memory;

/// <summary>Where a message, or a part of a long one, lies in the space of a memory's model. It goes with its memory, and with its message.</summary>
internal sealed class MessageVector
{
    public long Number { get; init; }

    public Guid MemoryId { get; init; }

    /// <summary>The message, by the number under which the search knows it.</summary>
    public long EntryNumber { get; init; }

    /// <summary>Which of the message's it is, from 0.</summary>
    public int Part { get; init; }

    /// <summary>Where its text begins in the message as it is read, without the signs of Markdown.</summary>
    public int Start { get; init; }

    /// <summary>How long that is; 0: the message says nothing, and has no place.</summary>
    public int Length { get; init; }

    /// <summary>Single-precision numbers, little-endian; their squares sum to 1.</summary>
    public required byte[] Values { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<MessageVector>
    {
        public void Configure(EntityTypeBuilder<MessageVector> builder)
        {
            builder.ToTable("message_vectors");
            builder.HasKey(vector => vector.Number);
            builder.HasIndex(vector => new { vector.MemoryId, vector.Number });
            // Whatever two processes do at once, no part is there twice.
            builder.HasIndex(vector => new { vector.EntryNumber, vector.Part }).IsUnique();
            builder.HasOne<ChatMemory>().WithMany().HasForeignKey(vector => vector.MemoryId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<SearchEntry>().WithMany().HasForeignKey(vector => vector.EntryNumber).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
