using Calango.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Identity;

/// <summary>Who must have a second step, or a passkey. A server has one. Who has no password comes by a provider's login, whose affair it is.</summary>
public sealed class SecondStepPolicy
{
    /// <summary>Who.</summary>
    public SecondStepDemand Demand { get; init; }

    internal int Id { get; init; } = 1;

    /// <summary>Those who must have one.</summary>
    internal static IQueryable<Account> Demanded(CalangoDb db) =>
        from account in db.Set<Account>()
        join role in db.Set<Role>() on account.RoleId equals role.Id
        where db.Set<SecondStepPolicy>().Any(policy =>
                policy.Demand == SecondStepDemand.Everybody || (policy.Demand == SecondStepDemand.Administrators && (role.Grants & Grants.Administer) != 0))
            && db.Set<Credentials>().Any(credentials => credentials.AccountId == account.Id && credentials.PasswordHash != null)
        select account;

    /// <summary>Those of them who have none.</summary>
    internal static IQueryable<Account> Lacking(CalangoDb db) => Demanded(db).Where(account =>
        !db.Set<SecondStep>().Any(step => step.AccountId == account.Id) && !db.Set<Passkey>().Any(passkey => passkey.AccountId == account.Id));

    internal sealed class Mapping : IEntityTypeConfiguration<SecondStepPolicy>
    {
        public void Configure(EntityTypeBuilder<SecondStepPolicy> builder)
        {
            builder.ToTable("second_step_policy");
            builder.HasKey(policy => policy.Id);
            builder.Property(policy => policy.Id).ValueGeneratedNever();
            builder.Property(policy => policy.Demand);
            builder.HasData(new SecondStepPolicy());
        }
    }
}

/// <summary>Of whom a second step is demanded. Stored as a number: a member keeps its value.</summary>
public enum SecondStepDemand
{
    /// <summary>Of nobody.</summary>
    Nobody,

    /// <summary>Of those who run the server.</summary>
    Administrators,

    /// <summary>Of everybody.</summary>
    Everybody,
}
