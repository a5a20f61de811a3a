using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Templates;

/// <summary>How good somebody finds a template.</summary>
public sealed class TemplateRating
{
    /// <summary>The best.</summary>
    public const int MaxStars = 5;

    /// <summary>The template.</summary>
    public Guid TemplateId { get; init; }

    /// <summary>Who.</summary>
    public Guid AccountId { get; init; }

    /// <summary>From 1 to <see cref="MaxStars"/>.</summary>
    public int Stars { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<TemplateRating>
    {
        public void Configure(EntityTypeBuilder<TemplateRating> builder)
        {
            builder.ToTable("template_ratings");
            builder.HasKey(rating => new { rating.TemplateId, rating.AccountId });
            builder.HasIndex(rating => rating.AccountId);
            builder.HasOne<Template>().WithMany().HasForeignKey(rating => rating.TemplateId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Account>().WithMany().HasForeignKey(rating => rating.AccountId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
