using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>How somebody proves who they are. ASP.NET Core Identity's <c>UserManager</c> reads and writes it.</summary>
public sealed class Credentials
{
    /// <summary>The longest address, in characters (RFC 5321, 4.5.3.1).</summary>
    public const int MaxEmailLength = 254;

    /// <summary>The shortest password, in characters; OWASP ASVS 5.0, 6.2.1, asks for 8 and recommends 15.</summary>
    public const int MinPasswordLength = 12;

    /// <summary>The longest password, in characters: a hash of more is work for nothing.</summary>
    public const int MaxPasswordLength = 256;

    /// <summary>Whose.</summary>
    public Guid AccountId { get; init; }

    /// <summary>Their address, as they write it.</summary>
    public required string Email { get; set; }

    /// <summary>By which they are found.</summary>
    public string NormalizedEmail { get; set; } = "";

    /// <summary>Whether they have shown that mail to it reaches them.</summary>
    public bool IsEmailConfirmed { get; set; }

    /// <summary>Null: they have no password.</summary>
    public string? PasswordHash { get; set; }

    /// <summary>Another one whenever what proves them has changed.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>Another one with every change: nobody overwrites what they have not seen.</summary>
    public string ConcurrencyStamp { get; set; } = "";

    /// <summary>Wrong passwords since the last right one.</summary>
    public int FailedAttempts { get; set; }

    /// <summary>Until when no password is tried; null: it is.</summary>
    public DateTimeOffset? LockedUntil { get; set; }

    /// <summary>From when on links for another password are counted; null: none was sent yet.</summary>
    public DateTimeOffset? ResetsCountedFrom { get; set; }

    /// <summary>How many were sent since.</summary>
    public int ResetsSent { get; set; }

    /// <summary>A stamp that nobody had before.</summary>
    internal static string NewStamp() => Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    internal sealed class Mapping : IEntityTypeConfiguration<Credentials>
    {
        public void Configure(EntityTypeBuilder<Credentials> builder)
        {
            builder.ToTable("credentials");
            builder.HasKey(credentials => credentials.AccountId);
            builder.Property(credentials => credentials.AccountId).ValueGeneratedNever();
            builder.Property(credentials => credentials.Email).HasMaxLength(MaxEmailLength);
            builder.Property(credentials => credentials.NormalizedEmail).HasMaxLength(MaxEmailLength);
            builder.HasIndex(credentials => credentials.NormalizedEmail).IsUnique();
            builder.HasOne<Account>().WithOne().HasForeignKey<Credentials>(credentials => credentials.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
