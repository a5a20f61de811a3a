using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Chat;

/// <summary>A place for chats that belong together. What lies in it moves up when it goes: no chat ever vanishes with a folder.</summary>
public sealed class Folder
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 80;

    /// <summary>How deep folders lie within each other: a folder in a folder is two.</summary>
    public const int MaxDepth = 5;

    /// <summary>The most of one account.</summary>
    public const int Most = 200;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Whose it is.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The folder that it lies in; null: in none.</summary>
    public Guid? ParentId { get; set; }

    /// <summary>For people.</summary>
    public string Name { get; set; } = "";

    /// <summary>Its place among those in the same folder.</summary>
    public int Position { get; set; }

    /// <summary>What lies in it is not shown beside the chats.</summary>
    public bool IsCollapsed { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Folder>
    {
        public void Configure(EntityTypeBuilder<Folder> builder)
        {
            builder.ToTable("chat_folders");
            builder.Property(folder => folder.Id).ValueGeneratedNever();
            builder.Property(folder => folder.Name).HasMaxLength(MaxNameLength);
            builder.HasIndex(folder => folder.AccountId);
            builder.HasOne<Account>().WithMany().HasForeignKey(folder => folder.AccountId).OnDelete(DeleteBehavior.Cascade);
            builder.HasOne<Folder>().WithMany().HasForeignKey(folder => folder.ParentId).OnDelete(DeleteBehavior.SetNull);
        }
    }
}
