using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>A login of a provider that opens an account. It opens one: issuer and subject are who somebody is.</summary>
public sealed class ExternalLogin
{
    internal const int MaxSubjectLength = 255;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Which account.</summary>
    public Guid AccountId { get; init; }

    /// <summary>Whose login it is.</summary>
    public Guid ProviderId { get; init; }

    /// <summary>The provider's name of itself, as of then: where an administrator enters another one, it is another person.</summary>
    public required string Issuer { get; init; }

    /// <summary>The provider's name of the person.</summary>
    public required string Subject { get; init; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When somebody last came in with it; null: nobody did.</summary>
    public DateTimeOffset? UsedAt { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ExternalLogin>
    {
        public void Configure(EntityTypeBuilder<ExternalLogin> builder)
        {
            builder.ToTable("external_logins");
            builder.Property(login => login.Issuer).HasMaxLength(LoginProvider.MaxTextLength);
            builder.Property(login => login.Subject).HasMaxLength(MaxSubjectLength);
            builder.HasIndex(login => new { login.Issuer, login.Subject }).IsUnique();
            builder.HasIndex(login => login.AccountId);
            builder.HasIndex(login => login.ProviderId);
            builder.HasOne<Account>().WithMany().HasForeignKey(login => login.AccountId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<LoginProvider>().WithMany().HasForeignKey(login => login.ProviderId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
