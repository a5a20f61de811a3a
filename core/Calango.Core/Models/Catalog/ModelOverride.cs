using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Models;

/// <summary>What a person says of a model. It counts more than what the service says; null leaves the service's word.</summary>
public sealed class ModelOverride
{
    /// <summary>The connection.</summary>
    public Guid ConnectionId { get; init; }

    /// <summary>As the service names it.</summary>
    public string ModelId { get; init; } = "";

    /// <summary>US dollars per million prompt tokens.</summary>
    public decimal? InputPrice { get; set; }

    /// <summary>US dollars per million answer tokens.</summary>
    public decimal? OutputPrice { get; set; }

    /// <summary>The window, in tokens.</summary>
    public int? ContextTokens { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<ModelOverride>
    {
        public void Configure(EntityTypeBuilder<ModelOverride> builder)
        {
            builder.ToTable("model_overrides");
            builder.HasKey(model => new { model.ConnectionId, model.ModelId });
            builder.Property(model => model.ModelId).HasMaxLength(ModelRef.MaxModelIdLength);
            builder.Property(model => model.InputPrice).HasPrecision(18, 6);
            builder.Property(model => model.OutputPrice).HasPrecision(18, 6);
            builder.HasOne<Connection>().WithMany().HasForeignKey(model => model.ConnectionId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
