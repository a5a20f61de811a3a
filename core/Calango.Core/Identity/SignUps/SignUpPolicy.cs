using System.Text.Json;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Mail;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>Who may make an account. A server has one.</summary>
public sealed class SignUpPolicy
{
    /// <summary>The way in.</summary>
    public SignUpWay Way { get; init; } = SignUpWay.ByInvitation;

    /// <summary>Whose addresses are let in where that is by domain, as they are compared (<see cref="MailAddresses.AsciiOf"/>).</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];

    /// <summary>Whether people may come whom nobody has invited.</summary>
    public bool IsForStrangers => Way is SignUpWay.ByDomain or SignUpWay.Open;

    internal int Id { get; init; } = 1;

    /// <summary>Whether somebody whom nobody has invited may make an account with an address. A domain is that one: what stands before it with a dot is another.</summary>
    public bool Admits(string email) => Way switch
    {
        SignUpWay.Open => MailAddresses.DomainOf(email) is not null,
        SignUpWay.ByDomain => MailAddresses.DomainOf(email) is { } domain && Domains.Contains(domain, StringComparer.Ordinal),
        _ => false,
    };

    internal static Task<SignUpPolicy> ReadAsync(CalangoDb db, CancellationToken cancellationToken) => db.Set<SignUpPolicy>().AsNoTracking().SingleAsync(cancellationToken);

    /// <exception cref="RejectedException">Nobody new comes in.</exception>
    internal static async Task RefuseClosedAsync(CalangoDb db, CancellationToken cancellationToken)
    {
        if ((await ReadAsync(db, cancellationToken)).Way == SignUpWay.Closed)
        {
            throw new RejectedException("signUp.closed");
        }
    }

    internal sealed class Mapping : IEntityTypeConfiguration<SignUpPolicy>
    {
        public void Configure(EntityTypeBuilder<SignUpPolicy> builder)
        {
            builder.ToTable("sign_up_policy");
            builder.HasKey(policy => policy.Id);
            builder.Property(policy => policy.Id).ValueGeneratedNever();
            builder.Property(policy => policy.Way);
            // It is replaced, never changed in place.
            builder.Property(policy => policy.Domains).HasConversion(
                list => JsonSerializer.Serialize(list, JsonSerializerOptions.Default),
                json => JsonSerializer.Deserialize<List<string>>(json, JsonSerializerOptions.Default)!,
                new ValueComparer<IReadOnlyList<string>>((left, right) => ReferenceEquals(left, right), list => list.Count, list => list));
            builder.HasData(new SignUpPolicy());
        }
    }
}

/// <summary>A way to an account. Stored as a number: a member keeps its value.</summary>
public enum SignUpWay
{
    /// <summary>None: nobody new comes in, with an invitation or a login elsewhere neither.</summary>
    Closed,

    /// <summary>An invitation.</summary>
    ByInvitation,

    /// <summary>An address of certain domains, too.</summary>
    ByDomain,

    /// <summary>Any address, too.</summary>
    Open,
}
