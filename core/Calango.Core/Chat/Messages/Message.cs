using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Chat;

/// <summary>
/// One message of the tree: an edited question or another answer is a sibling, with the same parent. A question's text
/// never changes; an answer's grows while its turn runs and is fixed then.
/// </summary>
public sealed class Message
{
    /// <summary>The longest text a person may send, in UTF-16 units.</summary>
    public const int MaxLength = 1_000_000;

    /// <summary>Id. Of an answer, it is also its turn's.</summary>
    public Guid Id { get; init; }

    /// <summary>The chat.</summary>
    public Guid ConversationId { get; init; }

    /// <summary>The message before; null: the first.</summary>
    public Guid? ParentId { get; init; }

    /// <summary>Its place in the order of the chat, from 1, without gaps. Never a clock.</summary>
    public long Sequence { get; init; }

    /// <summary>How many messages the path from the first one has, this one included.</summary>
    public int Depth { get; init; }

    /// <summary>Who wrote it.</summary>
    public MessageRole Role { get; init; }

    /// <summary>Markdown.</summary>
    public string Text { get; set; } = "";

    /// <summary>What a model thought before it answered; null: nothing.</summary>
    public string? Reasoning { get; set; }

    /// <summary>Roughly how many tokens the text takes in a prompt.</summary>
    public int Tokens { get; set; }

    /// <summary>The child last shown: where the path goes on from here.</summary>
    public Guid? SelectedChildId { get; set; }

    /// <summary>A person rewrote this answer: it is a sibling of the one a model gave.</summary>
    public bool Edited { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>The same message with another text.</summary>
    internal Message WithText(string text, string? reasoning)
    {
        var copy = (Message)MemberwiseClone();
        (copy.Text, copy.Reasoning) = (text, reasoning);
        return copy;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Message>
    {
        public void Configure(EntityTypeBuilder<Message> builder)
        {
            builder.ToTable("messages");
            builder.HasOne<Conversation>().WithMany().HasForeignKey(message => message.ConversationId).OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(message => new { message.ConversationId, message.Sequence }).IsUnique();
            builder.HasIndex(message => message.ParentId);
        }
    }
}

/// <summary>Who wrote a message.</summary>
public enum MessageRole
{
    /// <summary>A person.</summary>
    User,

    /// <summary>A model.</summary>
    Assistant,
}
