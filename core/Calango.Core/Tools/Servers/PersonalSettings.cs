using Calango.Core.Identity;
using Calango.Core.Plugins;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Tools;

/// <summary>What a person has entered themselves for a server of tools.</summary>
public sealed class PersonalSettings
{
    /// <summary>All that a plugin learns of the person.</summary>
    public Guid Id { get; init; }

    /// <summary>Who.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The server.</summary>
    public Guid ServerId { get; init; }

    /// <summary>Where the secrets were to go when they were entered.</summary>
    public string Place { get; set; } = "";

    /// <summary>The settings that are no secrets, by field name.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; set; } = new Dictionary<string, string>();

    /// <summary>The secrets by field name, each encrypted for this place alone.</summary>
    public IReadOnlyDictionary<string, string> ProtectedSecrets { get; set; } = new Dictionary<string, string>();

    /// <summary>Changes with each edit.</summary>
    public Guid Version { get; set; }

    // What was entered for another place isn't there.
    internal StoredSettings StoredFor(string place) => new(Settings, place == Place ? ProtectedSecrets : StoredSettings.None.ProtectedSecrets);

    internal sealed class Mapping : IEntityTypeConfiguration<PersonalSettings>
    {
        public void Configure(EntityTypeBuilder<PersonalSettings> builder)
        {
            builder.ToTable("personal_settings");
            builder.HasIndex(settings => new { settings.AccountId, settings.ServerId }).IsUnique();
            builder.HasIndex(settings => settings.ServerId);
            builder.Property(settings => settings.Place).HasMaxLength(64);
            builder.HasOne<Account>().WithMany().HasForeignKey(settings => settings.AccountId).OnDelete(DeleteBehavior.Cascade);
            StoredSettings.AsJson(builder.Property(settings => settings.Settings));
            StoredSettings.AsJson(builder.Property(settings => settings.ProtectedSecrets));
        }
    }
}
