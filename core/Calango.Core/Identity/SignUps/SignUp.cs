using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>
/// What somebody has said of themselves who has not shown yet that their address is theirs: no account. It is kept in the same way for an address
/// that has an account, and its link then goes to nobody.
/// </summary>
internal sealed class SignUp
{
    public Guid Id { get; init; }

    /// <summary>The SHA-256 of what the link holds.</summary>
    public byte[] KeyHash { get; init; } = [];

    public required string Name { get; init; }

    public required string Email { get; init; }

    /// <summary>By which the address is compared.</summary>
    public required string NormalizedEmail { get; init; }

    public required string PasswordHash { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<SignUp>
    {
        public void Configure(EntityTypeBuilder<SignUp> builder)
        {
            builder.ToTable("sign_ups");
            builder.Property(signUp => signUp.Name).HasMaxLength(Account.MaxNameLength);
            builder.Property(signUp => signUp.Email).HasMaxLength(Credentials.MaxEmailLength);
            builder.Property(signUp => signUp.NormalizedEmail).HasMaxLength(Credentials.MaxEmailLength);
            builder.HasIndex(signUp => signUp.KeyHash).IsUnique();
            builder.HasIndex(signUp => signUp.NormalizedEmail);
            builder.HasIndex(signUp => signUp.ExpiresAt);
        }
    }
}
