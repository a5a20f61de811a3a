using Calango.Core.Files;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Chat;

/// <summary>
/// A picture of a question, or one that waits for the next question of its chat. Its bytes never change; the same may stand in a
/// rewritten question, or in a copy of the chat.
/// </summary>
public sealed class ChatPicture
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>The chat.</summary>
    public Guid ConversationId { get; init; }

    /// <summary>The question; null: it has not been sent yet.</summary>
    public Guid? MessageId { get; set; }

    /// <summary>Its place among those of its question.</summary>
    public int Position { get; set; }

    /// <summary>As its file was called.</summary>
    public string Name { get; init; } = "";

    /// <summary>The form in which it is kept.</summary>
    public string ContentType { get; init; } = "";

    /// <summary>Bytes.</summary>
    public int Length { get; init; }

    /// <summary>In pixels.</summary>
    public int Width { get; init; }

    /// <inheritdoc cref="Width"/>
    public int Height { get; init; }

    /// <summary>Where its bytes are among the files; empty: its owner has removed them.</summary>
    public string BlobKey { get; init; } = "";

    /// <summary>Its owner has removed it; the question that had it stays.</summary>
    public bool IsRemoved => BlobKey.Length == 0;

    /// <summary>When it came.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Roughly how many tokens it takes in a prompt.</summary>
    public int Tokens => TokenEstimate.OfPicture(Width, Height);

    internal static string KeyOf(Guid content) => $"{Blobs.Pictures}{content:N}";

    /// <summary>The same picture in another question.</summary>
    internal ChatPicture CopyFor(Guid conversationId, Guid? messageId) => new()
    {
        Id = Guid.CreateVersion7(),
        ConversationId = conversationId,
        MessageId = messageId,
        Position = Position,
        Name = Name,
        ContentType = ContentType,
        Length = Length,
        Width = Width,
        Height = Height,
        BlobKey = BlobKey,
        CreatedAt = CreatedAt,
    };

    internal sealed class Mapping : IEntityTypeConfiguration<ChatPicture>
    {
        public void Configure(EntityTypeBuilder<ChatPicture> builder)
        {
            builder.ToTable("chat_pictures");
            builder.Ignore(picture => picture.Tokens).Ignore(picture => picture.IsRemoved);
            builder.Property(picture => picture.Name).HasMaxLength(MaxNameLength);
            builder.HasOne<Conversation>().WithMany().HasForeignKey(picture => picture.ConversationId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Message>().WithMany().HasForeignKey(picture => picture.MessageId).OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(picture => picture.BlobKey);
        }
    }
}
