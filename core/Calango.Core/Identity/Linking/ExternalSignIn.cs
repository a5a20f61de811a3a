using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// Which account a provider's login opens. Issuer and subject decide; an address of e-mail only where the provider has verified it,
/// the account has too, and an administrator trusts the provider with it.
/// </summary>
public sealed class ExternalSignIn(Database database, LoginProviders providers, LinkedLogins logins, People people, Roles allRoles, Accounts accounts, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>Finds or makes the account, and gives it the role that the provider's groups mean.</summary>
    /// <exception cref="LoginRefusedException">It opens none.</exception>
    public async Task<ExternalEntry> EnterAsync(ExternalIdentity identity, CancellationToken cancellationToken)
    {
        var provider = await FindAsync(identity, cancellationToken);
        var roles = await allRoles.AllAsync(cancellationToken);
        var entry = await OnceMoreAsync(() => database.WriteAsync(db => EnterAsync(db, provider, identity, roles, cancellationToken), cancellationToken));
        return entry with { HasAnotherRole = !entry.IsNew && await ChangeRoleAsync(entry.AccountId, new LoginMapping(identity, provider.Rules), roles, cancellationToken) };
    }

    /// <summary>What would come of it; nothing is changed.</summary>
    /// <exception cref="LoginRefusedException">The provider is not there any more.</exception>
    public async Task<ExternalOutlook> LookAsync(ExternalIdentity identity, CancellationToken cancellationToken)
    {
        var provider = await FindAsync(identity, cancellationToken);
        var mapping = new LoginMapping(identity, provider.Rules);
        var roles = await allRoles.AllAsync(cancellationToken);
        var decision = await database.ReadAsync(db => DecideAsync(db, provider, identity, cancellationToken), cancellationToken);
        var person = decision.AccountId is { } id ? await people.FindAsync(id, cancellationToken) : null;
        var roleId = mapping.RoleOf(person?.Role.Id ?? decision.Invitation?.RoleId, roles);
        return new ExternalOutlook(identity, provider, mapping, roles.Single(role => role.Id == roleId), person, decision.Refusal);
    }

    private async Task<LoginProvider> FindAsync(ExternalIdentity identity, CancellationToken cancellationToken) =>
        await providers.FindOrNoneAsync(identity.ProviderId, cancellationToken) ?? throw new LoginRefusedException(LoginRefusal.ProviderOff);

    // Somebody may come twice at once for the first time: the second finds what the first has made, or first that its address is taken.
    private static async Task<T> OnceMoreAsync<T>(Func<Task<T>> act)
    {
        try
        {
            return await act();
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception) || exception is LoginRefusedException { Reason: LoginRefusal.AddressTaken })
        {
            return await act();
        }
    }

    private async Task<ExternalEntry> EnterAsync(CalangoDb db, LoginProvider provider, ExternalIdentity identity, List<Role> roles, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var decision = await DecideAsync(db, provider, identity, cancellationToken);
        if (decision.Refusal is { } refusal)
        {
            throw new LoginRefusedException(refusal);
        }

        if (decision.LoginId is { } loginId)
        {
            await db.Set<ExternalLogin>().Where(login => login.Id == loginId).ExecuteUpdateAsync(set => set.SetProperty(login => login.UsedAt, now), cancellationToken);
            return new ExternalEntry(decision.AccountId!.Value, IsNew: false, IsLinked: false) { HasOtherGroups = await FollowAsync(decision.AccountId.Value) };
        }

        var accountId = decision.AccountId ?? await MakeAsync(db, decision, new LoginMapping(identity, provider.Rules).RoleOf(decision.Invitation?.RoleId, roles), identity, cancellationToken);
        logins.Add(db, accountId, identity, usedAt: now);
        await db.SaveChangesAsync(cancellationToken);
        return new ExternalEntry(accountId, IsNew: decision.AccountId is null, IsLinked: decision.AccountId is not null) { HasOtherGroups = await FollowAsync(accountId) };

        Task<bool> FollowAsync(Guid id) => Groups.FollowAsync(db, id, provider.Id, GroupRule.GroupsOf(identity, provider.GroupRules), cancellationToken);
    }

    private async Task<Decision> DecideAsync(CalangoDb db, LoginProvider provider, ExternalIdentity identity, CancellationToken cancellationToken)
    {
        if (await LinkedLogins.FindAsync(db, identity, cancellationToken) is { } login)
        {
            return new Decision(await SuspensionAsync(db, login.AccountId, cancellationToken), login.AccountId, login.Id);
        }

        if (await OwnerOfAsync(db, identity.Email, cancellationToken) is { } owner)
        {
            return identity.EmailVerified && owner.IsEmailConfirmed && provider.TrustsEmail
                ? new Decision(await SuspensionAsync(db, owner.AccountId, cancellationToken), owner.AccountId)
                : new Decision(LoginRefusal.AddressTaken);
        }

        if ((await SignUpPolicy.ReadAsync(db, cancellationToken)).Way == SignUpWay.Closed)
        {
            return new Decision(LoginRefusal.SignUpClosed);
        }

        var verified = VerifiedOf(identity);
        if (provider.TrustsEmail && verified is not null && await InvitationOfAsync(db, verified, cancellationToken) is { } invitation)
        {
            return new Decision(Refusal: null) { Invitation = invitation };
        }

        return new Decision(provider.IsOpenTo(verified) ? null : provider.MakesAccounts ? LoginRefusal.DomainNotAllowed : LoginRefusal.SignUpClosed);
    }

    private static async Task<LoginRefusal?> SuspensionAsync(CalangoDb db, Guid accountId, CancellationToken cancellationToken) =>
        await db.Set<Account>().AnyAsync(account => account.Id == accountId && account.SuspendedAt != null, cancellationToken) ? LoginRefusal.AccountSuspended : null;

    private async Task<Credentials?> OwnerOfAsync(CalangoDb db, string? email, CancellationToken cancellationToken)
    {
        var normalized = normalizer.NormalizeEmail(email);
        return normalized is null ? null
            : await db.Set<Credentials>().AsNoTracking().SingleOrDefaultAsync(credentials => credentials.NormalizedEmail == normalized, cancellationToken);
    }

    private Task<Invitation?> InvitationOfAsync(CalangoDb db, string email, CancellationToken cancellationToken)
    {
        var (lower, now) = (email.ToLowerInvariant(), clock.GetUtcNow());
        return db.Set<Invitation>().AsNoTracking().OrderByDescending(invitation => invitation.Id)
            .FirstOrDefaultAsync(invitation => invitation.Email.ToLower() == lower && invitation.ExpiresAt > now, cancellationToken);
    }

    private async Task<Guid> MakeAsync(CalangoDb db, Decision decision, Guid roleId, ExternalIdentity identity, CancellationToken cancellationToken)
    {
        // Used up by somebody else meanwhile, it makes no second account.
        if (decision.Invitation is { } invitation && await db.Set<Invitation>().Where(other => other.Id == invitation.Id).ExecuteDeleteAsync(cancellationToken) == 0)
        {
            throw new LoginRefusedException(LoginRefusal.SignUpClosed);
        }

        return await accounts.AddWithoutPasswordAsync(db, NameOf(identity), VerifiedOf(identity), roleId, cancellationToken);
    }

    private async Task<bool> ChangeRoleAsync(Guid accountId, LoginMapping mapping, List<Role> roles, CancellationToken cancellationToken)
    {
        var held = (await people.FindAsync(accountId, cancellationToken)).Role.Id;
        var next = mapping.RoleOf(held, roles);
        if (next == held)
        {
            return false;
        }

        try
        {
            await people.ChangeRoleAsync(accountId, next, cancellationToken);
            return true;
        }
        catch (RejectedException rejected) when (rejected.Code == "people.lastAdmin")
        {
            // Somebody must be left to run the server, whatever a provider says.
            return false;
        }
    }

    // An address that anybody may have written is nobody's here: it would keep out whoever really has it.
    private static string? VerifiedOf(ExternalIdentity identity) => identity is { EmailVerified: true, Email: { Length: <= Credentials.MaxEmailLength } email } ? email : null;

    private static string NameOf(ExternalIdentity identity)
    {
        var name = identity.Name ?? identity.Email?.Split('@')[0] ?? identity.Subject;
        return name.Length <= Account.MaxNameLength ? name : name[..(char.IsHighSurrogate(name[Account.MaxNameLength - 1]) ? Account.MaxNameLength - 1 : Account.MaxNameLength)];
    }

    private sealed record Decision(LoginRefusal? Refusal, Guid? AccountId = null, Guid? LoginId = null)
    {
        public Invitation? Invitation { get; init; }
    }
}

/// <summary>An account that a provider's login has opened.</summary>
/// <param name="AccountId">Which.</param>
/// <param name="IsNew">It was made for it.</param>
/// <param name="IsLinked">It was there, and the login opens it from now on by its address of e-mail.</param>
public sealed record ExternalEntry(Guid AccountId, bool IsNew, bool IsLinked)
{
    /// <summary>The provider's groups mean another role than before.</summary>
    public bool HasAnotherRole { get; init; }

    /// <summary>They came into groups, or left some, by the provider's word.</summary>
    public bool HasOtherGroups { get; init; }
}

/// <summary>What would come of a login.</summary>
/// <param name="Identity">Whose login it is.</param>
/// <param name="Provider">Of which provider.</param>
/// <param name="Mapping">Its rules, and which hold.</param>
/// <param name="Role">What they would be here.</param>
/// <param name="Person">The account that it opens; null: none that is there.</param>
/// <param name="Refusal">Why it opens none; null: it does, or one would be made.</param>
public sealed record ExternalOutlook(ExternalIdentity Identity, LoginProvider Provider, LoginMapping Mapping, Role Role, Person? Person, LoginRefusal? Refusal);
