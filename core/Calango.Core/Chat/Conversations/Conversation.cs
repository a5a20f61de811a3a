using Calango.Core.Models;
using Calango.Core.Tools;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Chat;

/// <summary>A chat: a tree of messages, and the settings with which its next turn runs.</summary>
public sealed class Conversation
{
    /// <summary>The longest title, in UTF-16 units.</summary>
    public const int MaxTitleLength = 200;

    /// <summary>The longest system prompt, in UTF-16 units.</summary>
    public const int MaxSystemPromptLength = 100_000;

    /// <summary>The time of deletion of a chat whose messages are being removed.</summary>
    internal static readonly DateTimeOffset BeyondRestoring = DateTimeOffset.UnixEpoch;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose it is. Every look-up goes through it.</summary>
    public Guid AccountId { get; init; }

    /// <summary>Null until it has one: people see "New chat" then.</summary>
    public string? Title { get; set; }

    /// <summary>Where the title comes from. One given by hand is never replaced.</summary>
    public TitleSource TitleSource { get; set; }

    /// <summary>The model of the next turn; null: none was chosen yet.</summary>
    public Guid? ConnectionId { get; set; }

    /// <inheritdoc cref="ConnectionId"/>
    public string? ModelId { get; set; }

    /// <summary>Sampling temperature, 0 to 2; null: the service's own.</summary>
    public double? Temperature { get; set; }

    /// <summary>The longest answer, in tokens; null: the service's own.</summary>
    public int? MaxOutputTokens { get; set; }

    /// <summary>Goes before every prompt; null: none.</summary>
    public string? SystemPrompt { get; set; }

    /// <summary>How many tokens a prompt may have; null: what the model's window leaves.</summary>
    public int? TokenLimit { get; set; }

    /// <summary>Its answers are kept, and given again to the very same request.</summary>
    public bool KeepsAnswers { get; set; }

    /// <summary>Its turns are told nothing of what the person wants each model to know.</summary>
    public bool IsImpersonal { get; set; }

    /// <summary>The tools that its next turns may use: a line for each, as <see cref="ToolKeys"/> names them.</summary>
    public string ChosenTools { get; set; } = "";

    /// <summary>The collections in which its next turns look: the id of each in a line.</summary>
    public string ChosenCollections { get; set; } = "";

    /// <summary>It has, or had, documents of its own, in which its turns look as well.</summary>
    public bool HasDocuments { get; set; }

    /// <summary>It has, or had, pictures in its questions or for the next one.</summary>
    public bool HasPictures { get; set; }

    /// <summary>Some of its answers may have used tools.</summary>
    public bool HadTools { get; set; }

    /// <summary>The last message of the path that is shown.</summary>
    public Guid? HeadId { get; set; }

    /// <summary>The sequence number of the newest message; they have no gaps.</summary>
    public long LastSequence { get; set; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When somebody last wrote in it: the order of the list.</summary>
    public DateTimeOffset ActiveAt { get; set; }

    /// <summary>When it was deleted; it can be restored until it is cleaned up.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    /// <summary>When it was pinned above the others; null: it is not.</summary>
    public DateTimeOffset? PinnedAt { get; set; }

    /// <summary>When it was put away: it is out of the lists until somebody writes in it; null: it is not.</summary>
    public DateTimeOffset? ArchivedAt { get; set; }

    /// <summary>The folder that it lies in; null: in none.</summary>
    public Guid? FolderId { get; set; }

    /// <summary>The model that wrote the title, for people; null if none did.</summary>
    public string? TitleModelName { get; set; }

    /// <summary>What writing the title took, in tokens.</summary>
    public int TitleInputTokens { get; set; }

    /// <inheritdoc cref="TitleInputTokens"/>
    public int TitleOutputTokens { get; set; }

    /// <summary>What writing the title cost, in billionths of a US dollar; null: no price is known.</summary>
    public long? TitleCostNanoUsd { get; set; }

    /// <summary>The model of the next turn.</summary>
    public ModelRef? Model => ConnectionId is { } connection && ModelId is { } model ? new ModelRef(connection, model) : null;

    /// <summary>The tools that its next turns may use.</summary>
    public IReadOnlyList<string> ToolChoice => ToolKeys.Split(ChosenTools);

    /// <summary>The collections in which its next turns look.</summary>
    public IReadOnlyList<Guid> CollectionChoice => [.. ChosenCollections.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Guid.Parse)];

    /// <summary>Its next turns look in documents.</summary>
    public bool LooksInDocuments => HasDocuments || ChosenCollections.Length > 0;

    /// <summary>Chooses the model of the next turn.</summary>
    public void Use(ModelRef model) => (ConnectionId, ModelId) = (model.ConnectionId, model.ModelId);

    internal sealed class Mapping : IEntityTypeConfiguration<Conversation>
    {
        public void Configure(EntityTypeBuilder<Conversation> builder)
        {
            builder.ToTable("conversations");
            builder.Ignore(conversation => conversation.Model).Ignore(conversation => conversation.ToolChoice).Ignore(conversation => conversation.CollectionChoice).Ignore(conversation => conversation.LooksInDocuments);
            builder.Property(conversation => conversation.ChosenTools).HasDefaultValue("");
            builder.Property(conversation => conversation.ChosenCollections).HasDefaultValue("");
            builder.Property(conversation => conversation.Title).HasMaxLength(MaxTitleLength);
            builder.Property(conversation => conversation.ModelId).HasMaxLength(ModelRef.MaxModelIdLength);
            builder.HasIndex(conversation => new { conversation.AccountId, conversation.ActiveAt, conversation.Id });
            builder.HasIndex(conversation => conversation.DeletedAt).HasFilter("\"DeletedAt\" IS NOT NULL");
            builder.HasOne<Folder>().WithMany().HasForeignKey(conversation => conversation.FolderId).OnDelete(DeleteBehavior.SetNull);
            builder.HasIndex(conversation => conversation.FolderId).HasFilter("\"FolderId\" IS NOT NULL");
            // A list each: however many chats are in the others, none of them is read for it.
            builder.HasIndex(conversation => new { conversation.AccountId, conversation.ActiveAt, conversation.Id }, "IX_conversations_loose")
                .HasFilter("\"DeletedAt\" IS NULL AND \"ArchivedAt\" IS NULL AND \"PinnedAt\" IS NULL AND \"FolderId\" IS NULL");
            builder.HasIndex(conversation => new { conversation.AccountId, conversation.FolderId, conversation.ActiveAt, conversation.Id }, "IX_conversations_in_folder")
                .HasFilter("\"DeletedAt\" IS NULL AND \"ArchivedAt\" IS NULL AND \"PinnedAt\" IS NULL AND \"FolderId\" IS NOT NULL");
            builder.HasIndex(conversation => new { conversation.AccountId, conversation.ActiveAt, conversation.Id }, "IX_conversations_listed")
                .HasFilter("\"DeletedAt\" IS NULL AND \"ArchivedAt\" IS NULL");
            builder.HasIndex(conversation => new { conversation.AccountId, conversation.ActiveAt, conversation.Id }, "IX_conversations_archived")
                .HasFilter("\"DeletedAt\" IS NULL AND \"ArchivedAt\" IS NOT NULL");
            builder.HasIndex(conversation => new { conversation.AccountId, conversation.PinnedAt }, "IX_conversations_pinned")
                .HasFilter("\"DeletedAt\" IS NULL AND \"ArchivedAt\" IS NULL AND \"PinnedAt\" IS NOT NULL");
            builder.HasIndex(conversation => new { conversation.AccountId, conversation.DeletedAt, conversation.Id }, "IX_conversations_trash")
                .HasFilter("\"DeletedAt\" IS NOT NULL");
        }
    }
}

/// <summary>Where a title comes from.</summary>
public enum TitleSource
{
    /// <summary>There is none yet.</summary>
    None,

    /// <summary>The first words of the question.</summary>
    FirstWords,

    /// <summary>A model wrote it.</summary>
    Model,

    /// <summary>A person wrote it.</summary>
    Person,
}
