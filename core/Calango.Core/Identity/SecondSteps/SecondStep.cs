using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>That somebody's password is not enough: they are asked for a code of a device, too.</summary>
public sealed class SecondStep
{
    /// <summary>Whose.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The key that the device has as well, encrypted.</summary>
    internal byte[] ProtectedKey { get; init; } = [];

    /// <summary>The time step of the last code that was taken: neither it nor one before counts again.</summary>
    public long LastTimeStep { get; set; }

    /// <summary>Since when.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<SecondStep>
    {
        public void Configure(EntityTypeBuilder<SecondStep> builder)
        {
            builder.ToTable("second_steps");
            builder.HasKey(step => step.AccountId);
            builder.Property(step => step.AccountId).ValueGeneratedNever();
            builder.Property(step => step.ProtectedKey);
            builder.HasOne<Account>().WithOne().HasForeignKey<SecondStep>(step => step.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
