using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Templates;

/// <summary>A template as it was saved once.</summary>
public sealed class TemplateVersion
{
    /// <summary>So many are kept of a template: the newest.</summary>
    public const int Kept = 100;

    /// <summary>The template.</summary>
    public Guid TemplateId { get; init; }

    /// <summary>The first is 1.</summary>
    public int Number { get; init; }

    /// <summary>What it said.</summary>
    public TemplateContent Content { get; init; } = new("", "");

    /// <summary>When.</summary>
    public DateTimeOffset SavedAt { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<TemplateVersion>
    {
        public void Configure(EntityTypeBuilder<TemplateVersion> builder)
        {
            builder.ToTable("template_versions");
            builder.HasKey(version => new { version.TemplateId, version.Number });
            builder.Property(version => version.Content).HasConversion(
                content => JsonSerializer.Serialize(content, JsonSerializerOptions.Default),
                text => JsonSerializer.Deserialize<TemplateContent>(text, JsonSerializerOptions.Default)!,
                new ValueComparer<TemplateContent>((one, other) => one!.Equals(other), content => content.GetHashCode(), content => content));
            builder.HasOne<Template>().WithMany().HasForeignKey(version => version.TemplateId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
