using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>That a password was refused. Nobody can read from it for which address, or from where.</summary>
internal sealed class FailedSignIn
{
    public Guid Id { get; init; }

    /// <summary>A digest, with a key of the server's, of the address that was entered, or of where it came from.</summary>
    public required string Whose { get; init; }

    public DateTimeOffset At { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<FailedSignIn>
    {
        private const int HashDigits = 64;

        public void Configure(EntityTypeBuilder<FailedSignIn> builder)
        {
            builder.ToTable("failed_sign_ins");
            builder.Property(failed => failed.Whose).HasMaxLength(HashDigits);
            builder.HasIndex(failed => new { failed.Whose, failed.At });
            builder.HasIndex(failed => failed.At);
        }
    }
}
