using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Chat;

/// <summary>An answer that is kept to be given again to the very same request of the same person.</summary>
public sealed class KeptAnswer
{
    /// <summary>Whose it is; nobody else is ever given it.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The SHA-256 of the request, in hexadecimal.</summary>
    public string RequestHash { get; init; } = "";

    /// <summary>The answer.</summary>
    public string Text { get; init; } = "";

    /// <summary>What the model had thought; null: nothing.</summary>
    public string? Reasoning { get; init; }

    /// <summary>When it was given first.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<KeptAnswer>
    {
        public void Configure(EntityTypeBuilder<KeptAnswer> builder)
        {
            builder.ToTable("kept_answers");
            builder.HasKey(kept => new { kept.AccountId, kept.RequestHash });
            builder.Property(kept => kept.RequestHash).HasMaxLength(64);
            builder.HasOne<Account>().WithMany().HasForeignKey(kept => kept.AccountId).OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(kept => kept.CreatedAt);
        }
    }
}
