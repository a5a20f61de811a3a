using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>With which a program does, for somebody, what it was made for, and nothing else.</summary>
public sealed class AccessToken
{
    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>By which it is named on pages; it opens nothing.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose.</summary>
    public Guid AccountId { get; init; }

    /// <summary>What its owner calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Its first characters, by which its owner knows it again.</summary>
    public required string Beginning { get; init; }

    /// <summary>The SHA-256 of its text: who reads the table cannot become anybody.</summary>
    internal byte[] TextHash { get; init; } = [];

    /// <summary>What it may be used for.</summary>
    public TokenScopes Scopes { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it can be used.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was last used, to the minute; null: never.</summary>
    public DateTimeOffset? UsedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<AccessToken>
    {
        public void Configure(EntityTypeBuilder<AccessToken> builder)
        {
            builder.ToTable("access_tokens");
            builder.Property(token => token.Name).HasMaxLength(MaxNameLength);
            builder.Property(token => token.Beginning).HasMaxLength(TokenText.BeginningLength);
            builder.Property(token => token.TextHash);
            builder.HasIndex(token => token.TextHash).IsUnique();
            builder.HasIndex(token => new { token.AccountId, token.Id });
            builder.HasIndex(token => token.ExpiresAt);
            builder.HasOne<Account>().WithMany().HasForeignKey(token => token.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
