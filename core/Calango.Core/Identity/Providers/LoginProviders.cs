using System.Security.Cryptography;
using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>
/// The providers of logins that administrators have entered. Read anew for each login: one that was turned off by any replica
/// lets nobody in any more. Thread-safe.
/// </summary>
public sealed class LoginProviders(Database database, IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>All, the oldest first.</summary>
    public Task<List<LoginProvider>> ListAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<LoginProvider>().OrderBy(provider => provider.Id).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>Those with which people may come, in the same order.</summary>
    public Task<List<LoginProvider>> ListOnAsync(CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<LoginProvider>().Where(provider => provider.IsOn).OrderBy(provider => provider.Id).ToListAsync(cancellationToken), cancellationToken);

    /// <summary>One.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public async Task<LoginProvider> FindAsync(Guid id, CancellationToken cancellationToken) => await FindOrNoneAsync(id, cancellationToken) ?? throw new NotFoundException();

    /// <summary>One; null: there is none with this id.</summary>
    public Task<LoginProvider?> FindOrNoneAsync(Guid id, CancellationToken cancellationToken) =>
        database.ReadAsync(db => db.Set<LoginProvider>().FirstOrDefaultAsync(provider => provider.Id == id, cancellationToken), cancellationToken);

    /// <summary>Adds one.</summary>
    /// <param name="id">By which the provider was told of this server already: its return address has it.</param>
    /// <param name="kind">What it speaks.</param>
    /// <param name="input">What was entered.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RejectedException">There is one with this id.</exception>
    public async Task AddAsync(Guid id, LoginProviderKind kind, LoginProviderInput input, CancellationToken cancellationToken)
    {
        var provider = Of(id, kind, protectedSecret: null, input);
        try
        {
            await database.WriteAsync(
                db =>
                {
                    db.Add(provider);
                    return db.SaveChangesAsync(cancellationToken);
                },
                cancellationToken);
        }
        catch (Exception exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            throw new RejectedException("providers.exists");
        }
    }

    /// <summary>Changes one. Logins that were begun with it are not finished.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public Task UpdateAsync(Guid id, LoginProviderInput input, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            var stored = await db.Set<LoginProvider>().AsNoTracking().FirstOrDefaultAsync(provider => provider.Id == id, cancellationToken) ?? throw new NotFoundException();
            // A secret never travels to another issuer.
            db.Update(Of(id, stored.Kind, stored.Issuer == input.Issuer ? stored.ProtectedSecret : null, input));
            await db.SaveChangesAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Turns one on or off. Who is in stays in.</summary>
    /// <exception cref="NotFoundException">There is none with this id.</exception>
    public async Task SwitchAsync(Guid id, bool isOn, CancellationToken cancellationToken)
    {
        if (await database.WriteAsync(
            db => db.Set<LoginProvider>().Where(provider => provider.Id == id).ExecuteUpdateAsync(set => set.SetProperty(provider => provider.IsOn, isOn), cancellationToken), cancellationToken) == 0)
        {
            throw new NotFoundException();
        }
    }

    /// <summary>Removes one, with the logins that people have there and the memberships that it gave. Removing twice is fine.</summary>
    public Task RemoveAsync(Guid id, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await db.Set<Membership>().Where(membership => membership.ProviderId == id && membership.ProviderId != Membership.ByAdministrator).ExecuteDeleteAsync(cancellationToken);
            await db.Set<LoginProvider>().Where(provider => provider.Id == id).ExecuteDeleteAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>What speaks to one; null: there is none with this id.</summary>
    /// <exception cref="LoginRefusedException">Its secret cannot be read.</exception>
    internal async Task<LoginClient?> FindClientAsync(Guid id, CancellationToken cancellationToken) => await FindOrNoneAsync(id, cancellationToken) is not { } provider ? null
        : new LoginClient(provider.Id, provider.Version)
        {
            Kind = provider.Kind,
            Issuer = provider.Issuer,
            ClientId = provider.ClientId,
            Secret = provider.ProtectedSecret is { } secret ? Reveal(id, secret) : null,
            Scopes = provider.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries),
            GroupClaim = provider.GroupClaim,
            AllowsPlainLoopback = provider.AllowsPlainLoopback,
            IsOn = provider.IsOn,
        };

    private LoginProvider Of(Guid id, LoginProviderKind kind, string? protectedSecret, LoginProviderInput input) => new()
    {
        Id = id,
        Name = input.Name,
        Kind = kind,
        Issuer = input.Issuer,
        ClientId = input.ClientId,
        ProtectedSecret = input.Secret is { } secret ? ProtectorOf(id).Protect(secret) : protectedSecret,
        Scopes = input.Scopes,
        GroupClaim = input.GroupClaim,
        Rules = input.Rules,
        GroupRules = input.GroupRules,
        TrustsEmail = input.TrustsEmail,
        MakesAccounts = input.MakesAccounts,
        Domains = input.Domains,
        AllowsPlainLoopback = input.AllowsPlainLoopback,
        IsOn = input.IsOn,
        Version = Guid.CreateVersion7(clock.GetUtcNow()),
    };

    private string Reveal(Guid id, string secret)
    {
        try
        {
            return ProtectorOf(id).Unprotect(secret);
        }
        catch (CryptographicException)
        {
            throw new LoginRefusedException(LoginRefusal.SecretUnreadable);
        }
    }

    // A purpose for each: a secret that is copied to another row is worth nothing.
    private IDataProtector ProtectorOf(Guid id) => protection.CreateProtector("Calango.Logins", "secret", id.ToString());
}
