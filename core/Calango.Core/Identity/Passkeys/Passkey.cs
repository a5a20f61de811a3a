using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>A key pair of somebody's device or password manager, of which the server knows the public half (WebAuthn). It opens their account.</summary>
public sealed class Passkey
{
    /// <summary>Its id.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose.</summary>
    public Guid AccountId { get; init; }

    /// <summary>As they call it.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its id among all passkeys of the world.</summary>
    internal byte[] CredentialId { get; init; } = [];

    /// <summary>With which its signatures are checked.</summary>
    internal byte[] PublicKey { get; init; } = [];

    /// <summary>How often it has signed, as far as it counts: one that goes back has been copied.</summary>
    internal long SignCount { get; init; }

    /// <summary>How it is reached, as the browser said, with spaces between.</summary>
    internal string Transports { get; init; } = "";

    /// <summary>Whether it may be on several devices.</summary>
    internal bool IsBackupEligible { get; init; }

    /// <summary>Whether it is.</summary>
    internal bool IsBackedUp { get; init; }

    /// <summary>Since when it opens the account.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the sign-in was begun that it opened last; null: none. It opens none that was begun until then, so that no answer counts twice.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<Passkey>
    {
        // WebAuthn Level 3, 4: an id has 1,023 bytes at most.
        private const int MaxCredentialIdLength = 1_023;

        public void Configure(EntityTypeBuilder<Passkey> builder)
        {
            builder.ToTable("passkeys");
            builder.Property(passkey => passkey.Id).ValueGeneratedNever();
            builder.Property(passkey => passkey.Name).HasMaxLength(Account.MaxNameLength);
            builder.Property(passkey => passkey.CredentialId).HasMaxLength(MaxCredentialIdLength);
            builder.Property(passkey => passkey.PublicKey);
            builder.Property(passkey => passkey.SignCount);
            builder.Property(passkey => passkey.Transports);
            builder.Property(passkey => passkey.IsBackupEligible);
            builder.Property(passkey => passkey.IsBackedUp);
            builder.HasIndex(passkey => passkey.CredentialId).IsUnique();
            builder.HasOne<Account>().WithMany().HasForeignKey(passkey => passkey.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
