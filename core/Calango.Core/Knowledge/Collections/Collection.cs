using Calango.Core.Identity;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Knowledge;

/// <summary>Documents that are asked together.</summary>
public sealed class Collection
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The longest description, in UTF-16 units.</summary>
    public const int MaxDescriptionLength = 2_000;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose it is. They may do everything with it.</summary>
    public Guid OwnerId { get; init; }

    /// <summary>For people.</summary>
    public required string Name { get; set; }

    /// <summary>What is in it, for people; may be empty.</summary>
    public string Description { get; set; } = "";

    /// <summary>The chat for which alone it is; null: it stands for itself.</summary>
    public Guid? ConversationId { get; init; }

    /// <summary>The connection of the model that places its passages; null: they are found by their words alone.</summary>
    public Guid? EmbedderConnectionId { get; private set; }

    /// <summary>That model, as its service names it.</summary>
    public string? EmbedderModelId { get; private set; }

    /// <summary>What makes vectors comparable: those of another model, or another version of it, are never mixed with them.</summary>
    public string? Fingerprint { get; private set; }

    /// <summary>How its passages are cut and found.</summary>
    public RetrievalOptions Options { get; set; } = new();

    /// <summary>Grows with each change of what can be found in it.</summary>
    public long Version { get; init; }

    /// <summary>How many passages its documents have, those of editions that are being made or removed included.</summary>
    public int Passages { get; init; }

    /// <summary>How many words these have.</summary>
    public long Words { get; init; }

    /// <summary>Somebody has removed it: it goes with the last of its documents, and is nobody's until then.</summary>
    public bool IsRemoved { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The model that places its passages; null: they are found by their words alone.</summary>
    public ModelRef? Embedder => EmbedderConnectionId is { } connection && EmbedderModelId is { } model ? new ModelRef(connection, model) : null;

    /// <summary>What is Portuguese is translated before the model places it.</summary>
    public bool IsTranslated => EmbedderChoice.IsTranslated(Fingerprint);

    /// <summary>Chooses the model that places its passages; null: none does.</summary>
    public void PlaceWith(EmbedderChoice? embedder) =>
        (EmbedderConnectionId, EmbedderModelId, Fingerprint) = (embedder?.Model.ConnectionId, embedder?.Model.ModelId, embedder?.Fingerprint);

    internal sealed class Mapping : IEntityTypeConfiguration<Collection>
    {
        private const int MaxFingerprintLength = 200;
        private const int MaxModelRefLength = 33 + ModelRef.MaxModelIdLength;

        public void Configure(EntityTypeBuilder<Collection> builder)
        {
            builder.ToTable("collections");
            builder.Ignore(collection => collection.Embedder).Ignore(collection => collection.IsTranslated);
            builder.Property(collection => collection.Name).HasMaxLength(MaxNameLength);
            builder.Property(collection => collection.Description).HasMaxLength(MaxDescriptionLength);
            builder.Property(collection => collection.EmbedderModelId).HasMaxLength(ModelRef.MaxModelIdLength);
            builder.Property(collection => collection.Fingerprint).HasMaxLength(MaxFingerprintLength);
            builder.ComplexProperty(collection => collection.Options, options => options.Property(option => option.Reranker).HasMaxLength(MaxModelRefLength));
            builder.HasIndex(collection => collection.OwnerId);
            builder.HasIndex(collection => collection.ConversationId);
            builder.HasOne<Account>().WithMany().HasForeignKey(collection => collection.OwnerId).OnDelete(DeleteBehavior.Cascade);
            // By name: the chat knows the knowledge, not the other way round.
            builder.HasOne("Calango.Core.Chat.Conversation", null).WithMany().HasForeignKey(nameof(ConversationId)).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>What somebody may do with a collection. Each holds what comes before it.</summary>
public enum CollectionRight
{
    /// <summary>Ask it, and see its documents.</summary>
    Read,

    /// <summary>Add documents, and remove them.</summary>
    Write,

    /// <summary>Change how it is set up, share it and remove it.</summary>
    Manage,
}
