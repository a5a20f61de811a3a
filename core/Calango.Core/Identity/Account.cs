using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>Someone who uses Calango. On a laptop there is one, without a password; on a server, the first to be set up is that one.</summary>
public sealed class Account
{
    /// <summary>The one account of Desktop mode: the same id in every installation, so that its data can be moved.</summary>
    public static readonly Guid LocalId = new("01900000-0000-7000-8000-000000000001");

    /// <summary>The time of removal of an account that is being removed: nothing whole is left of it.</summary>
    internal static readonly DateTimeOffset BeyondKeeping = DateTimeOffset.UnixEpoch;

    /// <summary>The longest name, in characters.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>How they are called. Empty on a laptop.</summary>
    public string Name { get; set; } = "";

    /// <summary>What they may do.</summary>
    public Guid RoleId { get; set; } = Role.MemberId;

    /// <summary>Since when. The account of a laptop has been there always.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Since when they are kept out; null: they aren't.</summary>
    public DateTimeOffset? SuspendedAt { get; set; }

    /// <summary>From when on it is removed, with all that is theirs; null: it isn't to be.</summary>
    public DateTimeOffset? RemoveAt { get; set; }

    /// <summary>The model with which a new chat starts: the last one chosen. Null until one was.</summary>
    public Guid? DefaultConnectionId { get; set; }

    /// <inheritdoc cref="DefaultConnectionId"/>
    public string? DefaultModelId { get; set; }

    /// <summary>How titles of new chats are made.</summary>
    public TaskMode TitleMode { get; set; }

    /// <summary>The model that writes titles where <see cref="TitleMode"/> is <see cref="TaskMode.Model"/>.</summary>
    public Guid? TitleConnectionId { get; set; }

    /// <inheritdoc cref="TitleConnectionId"/>
    public string? TitleModelId { get; set; }

    /// <summary>How follow-up questions are said in full before documents are searched for them.</summary>
    public TaskMode QuestionMode { get; set; } = TaskMode.Off;

    /// <summary>The model that does so where <see cref="QuestionMode"/> is <see cref="TaskMode.Model"/>.</summary>
    public Guid? QuestionConnectionId { get; set; }

    /// <inheritdoc cref="QuestionConnectionId"/>
    public string? QuestionModelId { get; set; }

    /// <summary>The models asked where the one that was wanted cannot answer, in this order: a line for each, as pages name them.</summary>
    public string FallbackModels { get; set; } = "";

    /// <summary>Their picture; null: they have none.</summary>
    public Guid? AvatarId { get; set; }

    internal sealed class Mapping : IEntityTypeConfiguration<Account>
    {
        public void Configure(EntityTypeBuilder<Account> builder)
        {
            builder.ToTable("accounts");
            builder.Property(account => account.Name).HasMaxLength(MaxNameLength);
            builder.HasIndex(account => account.RemoveAt).HasFilter("\"RemoveAt\" IS NOT NULL");
            builder.Property(account => account.QuestionMode).HasDefaultValue(TaskMode.Off).HasSentinel(TaskMode.Off);
            // No foreign key: SQLite would have to make the table anew for it, and all that hangs from it.
            builder.HasIndex(account => account.RoleId);
            builder.HasData(new Account { Id = LocalId, RoleId = Role.AdminId });
        }
    }
}

/// <summary>Who does a small task beside the answers of a chat.</summary>
public enum TaskMode
{
    /// <summary>The model that answers.</summary>
    SameModel,

    /// <summary>A model chosen for it.</summary>
    Model,

    /// <summary>None.</summary>
    Off,
}
