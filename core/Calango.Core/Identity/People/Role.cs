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

    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 40;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>Its name. Those that come along are named by their locale key <c>role.{name}</c>.</summary>
    public required string Name { get; set; }

    /// <summary>The name as it is compared: two that differ in case alone are one.</summary>
    public required string NormalizedName { get; set; }

    /// <summary>What it permits.</summary>
    public Grants Grants { get; set; }

    /// <summary>Whether it comes along: it keeps its name, and stays.</summary>
    public bool ComesAlong => Id == AdminId || Id == MemberId || Id == ReaderId;

    /// <summary>
    /// Whether it can be given something. Who runs the server may do everything; and what people become without anybody's having
    /// said so runs no server.
    /// </summary>
    public bool CanPermit(Grants grant) => Id == AdminId || !ComesAlong || grant != Grants.Administer;

    /// <summary>Which of two permits more: to run the server counts most, then to chat.</summary>
    internal int Reach => (Grants.HasFlag(Grants.Administer) ? 4 : 0) + (Grants.HasFlag(Grants.Chat) ? 2 : 0) + (Grants.HasFlag(Grants.Programs) ? 1 : 0);

    internal sealed class Mapping : IEntityTypeConfiguration<Role>
    {
        public void Configure(EntityTypeBuilder<Role> builder)
        {
            builder.ToTable("roles");
            builder.Property(role => role.Name).HasMaxLength(100);
            builder.Property(role => role.NormalizedName).HasMaxLength(100);
            builder.HasIndex(role => role.NormalizedName).IsUnique();
            builder.HasData(
                new Role { Id = AdminId, Name = "admin", NormalizedName = "ADMIN", Grants = Grants.Chat | Grants.Administer | Grants.Programs },
                new Role { Id = MemberId, Name = "member", NormalizedName = "MEMBER", Grants = Grants.Chat | Grants.Programs },
                new Role { Id = ReaderId, Name = "reader", NormalizedName = "READER", Grants = Grants.Programs });
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

    /// <summary>To let programs in with tokens, and to have them told by webhooks.</summary>
    Programs = 4,
}
