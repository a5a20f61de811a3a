using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>What a kind of person may do.</summary>
public sealed class Role
{
    /// <summary>Who runs the server.</summary>
    public static readonly Guid AdminId = new("01900000-0000-7000-8000-000000000011");

    /// <summary>Who chats.</summary>
    public static readonly Guid MemberId = new("01900000-0000-7000-8000-000000000012");

    /// <summary>Who only reads.</summary>
    public static readonly Guid ReaderId = new("01900000-0000-7000-8000-000000000013");

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Its name. Those that come along are named by their locale key <c>role.{name}</c>.</summary>
    public required string Name { get; set; }

    /// <summary>What it permits.</summary>
    public Grants Grants { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Role>
    {
        public void Configure(EntityTypeBuilder<Role> builder)
        {
            builder.ToTable("roles");
            builder.Property(role => role.Name).HasMaxLength(100);
            builder.HasIndex(role => role.Name).IsUnique();
            builder.HasData(
                new Role { Id = AdminId, Name = "admin", Grants = Grants.Chat | Grants.Administer },
                new Role { Id = MemberId, Name = "member", Grants = Grants.Chat },
                new Role { Id = ReaderId, Name = "reader", Grants = Grants.None });
        }
    }
}

/// <summary>What a role can permit. Stored as a number: a member keeps its value.</summary>
[Flags]
public enum Grants
{
    /// <summary>To read what is one's own, and no more.</summary>
    None = 0,

    /// <summary>To send messages, and to change what is one's own.</summary>
    Chat = 1,

    /// <summary>To set up the server: people, plugins, connections, storage.</summary>
    Administer = 2,
}
