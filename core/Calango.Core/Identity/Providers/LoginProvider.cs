using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>Somebody else whose logins are good here. Never changed in place once read.</summary>
public sealed class LoginProvider
{
    /// <summary>The longest name, in UTF-16 units.</summary>
    public const int MaxNameLength = 100;

    /// <summary>The longest of its other texts, in UTF-16 units.</summary>
    public const int MaxTextLength = 512;

    /// <summary>Id.</summary>
    public Guid Id { get; init; }

    /// <summary>For people: it stands on the button.</summary>
    public string Name { get; init; } = "";

    /// <summary>What it speaks.</summary>
    public LoginProviderKind Kind { get; init; }

    /// <summary>Its name of itself, character by character; for GitHub its address.</summary>
    public string Issuer { get; init; } = "";

    /// <summary>As what it knows this server.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>The client's secret, encrypted; null: it has none.</summary>
    internal string? ProtectedSecret { get; init; }

    /// <summary>Whether there is a secret.</summary>
    public bool HasSecret => ProtectedSecret is not null;

    /// <summary>What is asked for besides the login itself, with blanks between.</summary>
    public string Scopes { get; init; } = "";

    /// <summary>The claim with a person's groups, which may be a path; null: none.</summary>
    public string? GroupClaim { get; init; }

    /// <summary>What its groups are here.</summary>
    public IReadOnlyList<LoginRule> Rules { get; init; } = [];

    /// <summary>Which of its groups puts people into which of ours, at each login anew.</summary>
    public IReadOnlyList<GroupRule> GroupRules { get; init; } = [];

    /// <summary>Whether somebody who has an account, or an invitation, comes in by a verified address of e-mail. Whoever runs the provider can then be anybody.</summary>
    public bool TrustsEmail { get; init; }

    /// <summary>Whether somebody who logs in there and has no account gets one.</summary>
    public bool MakesAccounts { get; init; }

    /// <summary>Of which domains of e-mail they must be then, in lower case; empty: of any.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Whether it may be spoken to without TLS where it is on this machine: for whoever develops or tests one.</summary>
    public bool AllowsPlainLoopback { get; init; }

    /// <summary>Whether people may come with it.</summary>
    public bool IsOn { get; init; }

    /// <summary>Changes with each edit: a login that was begun before is not finished after it.</summary>
    public Guid Version { get; init; }

    /// <summary>Whether a text can be the name of an issuer.</summary>
    /// <param name="text">The text.</param>
    /// <param name="allowsPlainLoopback">As of <see cref="AllowsPlainLoopback"/>.</param>
    public static bool IsIssuer(string text, bool allowsPlainLoopback)
    {
        try
        {
            ProviderAddress.ReadIssuer(text, allowsPlainLoopback);
            return true;
        }
        catch (LoginRefusedException)
        {
            return false;
        }
    }

    /// <summary>Whether it makes accounts for whoever has an address that it has verified, or none.</summary>
    internal bool IsOpenTo(string? verifiedEmail) =>
        MakesAccounts && (Domains.Count == 0 || (verifiedEmail is not null && Domains.Contains(verifiedEmail[(verifiedEmail.LastIndexOf('@') + 1)..], StringComparer.OrdinalIgnoreCase)));

    internal sealed class Mapping : IEntityTypeConfiguration<LoginProvider>
    {
        public void Configure(EntityTypeBuilder<LoginProvider> builder)
        {
            builder.ToTable("login_providers");
            builder.Property(provider => provider.Name).HasMaxLength(MaxNameLength);
            builder.Property(provider => provider.Issuer).HasMaxLength(MaxTextLength);
            builder.Property(provider => provider.ClientId).HasMaxLength(MaxTextLength);
            builder.Property(provider => provider.ProtectedSecret);
            builder.Property(provider => provider.Scopes).HasMaxLength(MaxTextLength);
            builder.Property(provider => provider.GroupClaim).HasMaxLength(MaxTextLength);
            AsJson(builder.Property(provider => provider.Rules));
            AsJson(builder.Property(provider => provider.GroupRules));
            builder.Property(provider => provider.GroupRules).HasDefaultValueSql("'[]'");
            AsJson(builder.Property(provider => provider.Domains));
        }

        // They are replaced, never changed in place.
        private static void AsJson<T>(PropertyBuilder<IReadOnlyList<T>> property) => property.HasConversion(
            list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
            json => JsonSerializer.Deserialize<List<T>>(json, JsonSerializerOptions.Default)!,
            new ValueComparer<IReadOnlyList<T>>((left, right) => ReferenceEquals(left, right), list => list.Count, list => list));
    }
}
