using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Chat;

/// <summary>Something that a person wants each model to know of them: their instructions, of which there is one text, or a fact.</summary>
public sealed class PersonalNote
{
    /// <summary>The longest instructions, in UTF-16 units.</summary>
    public const int MaxInstructionsLength = 4_000;

    /// <summary>The longest fact, in UTF-16 units.</summary>
    public const int MaxFactLength = 300;

    /// <summary>How many facts one person may have.</summary>
    public const int MostFacts = 200;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public Guid AccountId { get; init; }

    /// <summary>Which of both it is.</summary>
    public bool IsFact { get; init; }

    /// <summary>As it was written.</summary>
    public string Text { get; set; } = "";

    /// <summary>When it was written first.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<PersonalNote>
    {
        public void Configure(EntityTypeBuilder<PersonalNote> builder)
        {
            builder.ToTable("personal_notes");
            builder.Property(note => note.Text).HasMaxLength(MaxInstructionsLength);
            builder.HasOne<Account>().WithMany().HasForeignKey(note => note.AccountId).OnDelete(DeleteBehavior.Cascade);
            // In the order in which they stand in the prompt, which must stay the same for a service to know it again.
            builder.HasIndex(note => new { note.AccountId, note.IsFact, note.Id });
            builder.HasIndex(note => note.AccountId).IsUnique().HasFilter("NOT \"IsFact\"").HasDatabaseName("IX_personal_notes_instructions");
        }
    }
}
