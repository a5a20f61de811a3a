using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>A challenge that was answered, and is good for nothing any more.</summary>
internal sealed class UsedCaptcha
{
    public required string Challenge { get; init; }

    /// <summary>From when on its salt says so by itself.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<UsedCaptcha>
    {
        private const int HashDigits = 64;

        public void Configure(EntityTypeBuilder<UsedCaptcha> builder)
        {
            builder.ToTable("used_captchas");
            builder.HasKey(used => used.Challenge);
            builder.Property(used => used.Challenge).HasMaxLength(HashDigits);
            builder.HasIndex(used => used.ExpiresAt);
        }
    }
}
