using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Mail;

/// <summary>A message that has not gone yet. It is removed once it has.</summary>
public sealed class OutgoingMail
{
    /// <summary>Id; the message's own id is made from it, the same at each try.</summary>
    public Guid Id { get; init; }

    /// <summary>What it is about.</summary>
    public required string Kind { get; init; }

    /// <summary>For whom.</summary>
    public required string Recipient { get; init; }

    /// <summary>What it says, encrypted.</summary>
    public required string ProtectedLetter { get; init; }

    /// <summary>Since when it waits.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when on it is of no use.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it is tried next.</summary>
    public DateTimeOffset NextAt { get; init; }

    /// <summary>Until when a process tries that; null: none does.</summary>
    public DateTimeOffset? ClaimedUntil { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>When it was given up; null: it is still tried.</summary>
    public DateTimeOffset? GivenUpAt { get; init; }

    /// <summary>Why it did not go when it was last tried.</summary>
    public MailFailure Failure { get; init; }

    /// <summary>What the mail server answered then, as its number; null: nothing.</summary>
    public int? FailureStatus { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<OutgoingMail>
    {
        private const int MaxKindLength = 40;
        private const int MaxRecipientLength = 254;

        public void Configure(EntityTypeBuilder<OutgoingMail> builder)
        {
            builder.ToTable("mail");
            builder.Property(mail => mail.Kind).HasMaxLength(MaxKindLength);
            builder.Property(mail => mail.Recipient).HasMaxLength(MaxRecipientLength);
            builder.HasIndex(mail => mail.NextAt);
        }
    }
}
