using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Search;

/// <summary>
/// Says which message or title a line of the full-text index belongs to. On SQLite the words are in the FTS5 table
/// <c>search_words</c> under the same number, on PostgreSQL in a tsvector column of this table; both follow it by
/// trigger or by being a part of it, so that deleting a row deletes its words.
/// </summary>
internal sealed class SearchEntry
{
    public long Number { get; init; }

    public Guid AccountId { get; init; }

    public Guid ConversationId { get; init; }

    /// <summary>Null: the entry is the chat's title.</summary>
    public Guid? MessageId { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<SearchEntry>
    {
        public void Configure(EntityTypeBuilder<SearchEntry> builder)
        {
            builder.ToTable("search_entries");
            builder.HasKey(entry => entry.Number);
            builder.HasIndex(entry => entry.MessageId).IsUnique();
            builder.HasIndex(entry => entry.ConversationId);
            builder.HasIndex(entry => new { entry.AccountId, entry.Number });
            // By name: the chat knows the search, not the other way round.
            builder.HasOne("Calango.Core.Chat.Message", null).WithMany().HasForeignKey(nameof(MessageId)).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne("Calango.Core.Chat.Conversation", null).WithMany().HasForeignKey(nameof(ConversationId)).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
