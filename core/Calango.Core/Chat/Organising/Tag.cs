using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Chat;

/// <summary>A label that somebody puts on their chats.</summary>
public sealed class Tag
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 40;

    /// <summary>The most of one account.</summary>
    public const int Most = 200;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public Guid AccountId { get; init; }

    /// <summary>For people.</summary>
    public string Name { get; set; } = "";

    /// <summary>The name as it is compared: an account has it once.</summary>
    public string NormalizedName { get; set; } = "";

    /// <summary>How it looks.</summary>
    public TagColor Color { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Tag>
    {
        public void Configure(EntityTypeBuilder<Tag> builder)
        {
            builder.ToTable("chat_tags");
            builder.Property(tag => tag.Id).ValueGeneratedNever();
            builder.Property(tag => tag.Name).HasMaxLength(MaxNameLength);
            builder.Property(tag => tag.NormalizedName).HasMaxLength(MaxNameLength);
            builder.HasIndex(tag => new { tag.AccountId, tag.NormalizedName }).IsUnique();
            builder.HasOne<Account>().WithMany().HasForeignKey(tag => tag.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>The colour of a tag.</summary>
public enum TagColor
{
    /// <summary>None of its own.</summary>
    Plain,

    /// <summary>Green.</summary>
    Leaf,

    /// <summary>Amber.</summary>
    Sun,

    /// <summary>Red.</summary>
    Clay,

    /// <summary>Blue.</summary>
    Sky,

    /// <summary>Violet.</summary>
    Dusk,
}

/// <summary>That a chat has a tag.</summary>
internal sealed class ChatTag
{
    public Guid ConversationId { get; init; }

    public Guid TagId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<ChatTag>
    {
        public void Configure(EntityTypeBuilder<ChatTag> builder)
        {
            builder.ToTable("tagged_chats");
            builder.HasKey(tagged => new { tagged.ConversationId, tagged.TagId });
            builder.HasIndex(tagged => tagged.TagId);
            builder.HasOne<Conversation>().WithMany().HasForeignKey(tagged => tagged.ConversationId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Tag>().WithMany().HasForeignKey(tagged => tagged.TagId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
