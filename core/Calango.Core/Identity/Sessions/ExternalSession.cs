using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>With which login of a provider a session was opened: by this the provider can end it, and is told when it ends here.</summary>
internal sealed class ExternalSession
{
    public Guid SessionId { get; init; }

    public Guid ProviderId { get; init; }

    /// <summary>Who, as the provider names them.</summary>
    public required string Subject { get; init; }

    /// <summary>The provider's own session; null: it names none.</summary>
    public string? ProviderSessionId { get; init; }

    /// <summary>What shows the provider whom to log out, encrypted; null: it has no such thing.</summary>
    public string? ProtectedIdToken { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<ExternalSession>
    {
        public void Configure(EntityTypeBuilder<ExternalSession> builder)
        {
            builder.ToTable("external_sessions");
            builder.HasKey(external => external.SessionId);
            builder.Property(external => external.SessionId).ValueGeneratedNever();
            builder.Property(external => external.Subject).HasMaxLength(ExternalLogin.MaxSubjectLength);
            builder.Property(external => external.ProviderSessionId).HasMaxLength(ClaimReader.MaxTextLength);
            builder.HasIndex(external => new { external.ProviderId, external.Subject });
            builder.HasIndex(external => new { external.ProviderId, external.ProviderSessionId });
            builder.HasOne<Session>().WithOne().HasForeignKey<ExternalSession>(external => external.SessionId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
