using System.Text.Json;
using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Templates;

/// <summary>A text that is written once and used often, with what changes from one time to the next as variables.</summary>
public sealed class Template
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The longest command.</summary>
    public const int MaxCommandLength = 32;

    /// <summary>The longest description, in UTF-16 units.</summary>
    public const int MaxDescriptionLength = 1_000;

    /// <summary>The longest tag, and category.</summary>
    public const int MaxTagLength = 40;

    /// <summary>The most tags.</summary>
    public const int MaxTags = 10;

    /// <summary>The longest text, in UTF-16 units.</summary>
    public const int MaxTextLength = 50_000;

    /// <summary>The most variables.</summary>
    public const int MaxVariables = 30;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public Guid OwnerId { get; init; }

    /// <inheritdoc cref="TemplateContent.Name"/>
    public string Name { get; private set; } = "";

    /// <inheritdoc cref="TemplateContent.Command"/>
    public string? Command { get; private set; }

    /// <inheritdoc cref="TemplateContent.Description"/>
    public string Description { get; private set; } = "";

    /// <inheritdoc cref="TemplateContent.Category"/>
    public string Category { get; private set; } = "";

    /// <inheritdoc cref="TemplateContent.Tags"/>
    public IReadOnlyList<string> Tags { get; private set; } = [];

    /// <inheritdoc cref="TemplateContent.Text"/>
    public string Text { get; private set; } = "";

    /// <inheritdoc cref="TemplateContent.Variables"/>
    public IReadOnlyList<TemplateVariable> Variables { get; private set; } = [];

    /// <summary>The number of the version that it is now.</summary>
    public int Version { get; private set; }

    /// <summary>Since when everybody may use it; null: only those with whom it is shared.</summary>
    public DateTimeOffset? PublishedAt { get; init; }

    /// <summary>How often it was used.</summary>
    public int Uses { get; init; }

    /// <summary>When it was made.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last saved.</summary>
    public DateTimeOffset SavedAt { get; private set; }

    /// <summary>What its author has written.</summary>
    public TemplateContent Content => new(Name, Text) { Command = Command, Description = Description, Category = Category, Tags = Tags, Variables = Variables };

    /// <summary>Becomes the next version.</summary>
    internal TemplateVersion Save(TemplateContent content, DateTimeOffset now)
    {
        (Name, Text, Command, Description, Category, Tags, Variables) =
            (content.Name, content.Text, content.Command, content.Description, content.Category, content.Tags, content.Variables);
        (Version, SavedAt) = (Version + 1, now);
        return new TemplateVersion { TemplateId = Id, Number = Version, Content = content, SavedAt = now };
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Template>
    {
        public void Configure(EntityTypeBuilder<Template> builder)
        {
            builder.ToTable("templates");
            builder.Ignore(template => template.Content);
            builder.Property(template => template.Name).HasMaxLength(MaxNameLength);
            builder.Property(template => template.Command).HasMaxLength(MaxCommandLength);
            builder.Property(template => template.Description).HasMaxLength(MaxDescriptionLength);
            builder.Property(template => template.Category).HasMaxLength(MaxTagLength);
            AsJson(builder.Property(template => template.Tags));
            AsJson(builder.Property(template => template.Variables));
            builder.HasIndex(template => new { template.OwnerId, template.Command }).IsUnique();
            builder.HasIndex(template => template.PublishedAt);
            builder.HasOne<Account>().WithMany().HasForeignKey(template => template.OwnerId).OnDelete(DeleteBehavior.Cascade);
        }

        private static void AsJson<T>(PropertyBuilder<IReadOnlyList<T>> property) => property.HasConversion(
            list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
            text => JsonSerializer.Deserialize<List<T>>(text, JsonSerializerOptions.Default)!,
            new ValueComparer<IReadOnlyList<T>>((one, other) => one!.SequenceEqual(other!), list => list.Count, list => list));
    }
}

/// <summary>What somebody may do with a template. Each holds what comes before it.</summary>
public enum TemplateRight
{
    /// <summary>Read it and use it.</summary>
    Use,

    /// <summary>Change it.</summary>
    Edit,

    /// <summary>Share it and remove it.</summary>
    Manage,
}
