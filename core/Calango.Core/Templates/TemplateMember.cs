using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Templates;

/// <summary>That a person, or all of a group, may use a template that is not theirs.</summary>
public sealed class TemplateMember
{
    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>The template.</summary>
    public Guid TemplateId { get; init; }

    /// <summary>Who; null: a group.</summary>
    public Guid? AccountId { get; init; }

    /// <summary>Which group; null: one person.</summary>
    public Guid? GroupId { get; init; }

    /// <summary>What they may do.</summary>
    public TemplateRight Right { get; init; }

    internal sealed class Mapping : IEntityTypeConfiguration<TemplateMember>
    {
        public void Configure(EntityTypeBuilder<TemplateMember> builder)
        {
            builder.ToTable("template_members");
            builder.HasIndex(member => new { member.TemplateId, member.AccountId, member.GroupId }).IsUnique();
            builder.HasIndex(member => member.AccountId);
            builder.HasIndex(member => member.GroupId);
            builder.HasOne<Template>().WithMany().HasForeignKey(member => member.TemplateId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Account>().WithMany().HasForeignKey(member => member.AccountId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Group>().WithMany().HasForeignKey(member => member.GroupId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
