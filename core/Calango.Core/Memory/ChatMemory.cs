using Calango.Core.Identity;
using Calango.Core.Knowledge;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Memory;

/// <summary>Somebody wants their chats to be found by what they mean, too. It is made anew where another model is chosen; all that the one before had placed goes with it.</summary>
public sealed class ChatMemory
{
    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose it is; nobody has two.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The model that places messages.</summary>
    public Guid ConnectionId { get; init; }

    /// <inheritdoc cref="ConnectionId"/>
    public string ModelId { get; init; } = "";

    /// <summary>What makes its vectors comparable with each other.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Why it does not go on; null: it does, or has nothing to do.</summary>
    public MemoryFailure? Failure { get; set; }

    /// <summary>Who places messages now; null: nobody.</summary>
    public Guid? ClaimedBy { get; set; }

    /// <summary>Until when; from then on somebody else may.</summary>
    public DateTimeOffset? ClaimedUntil { get; set; }

    /// <summary>The model, and the space in which it places.</summary>
    public EmbedderChoice Embedder => new(new ModelRef(ConnectionId, ModelId), Fingerprint);

    internal sealed class Mapping : IEntityTypeConfiguration<ChatMemory>
    {
        public void Configure(EntityTypeBuilder<ChatMemory> builder)
        {
            builder.ToTable("chat_memories");
            builder.Ignore(memory => memory.Embedder);
            builder.Property(memory => memory.ModelId).HasMaxLength(ModelRef.MaxModelIdLength);
            builder.HasIndex(memory => memory.AccountId).IsUnique();
            builder.HasOne<Account>().WithMany().HasForeignKey(memory => memory.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>Why messages are not placed.</summary>
public enum MemoryFailure
{
    /// <summary>The model cannot be asked now, or not by them.</summary>
    ModelIsAway,

    /// <summary>A quota has no room for it.</summary>
    NoQuota,

    /// <summary>The translator is missing, or broke down.</summary>
    NoTranslator,

    /// <summary>The model is not there any more, or is another than it was.</summary>
    ModelIsGone,
}
