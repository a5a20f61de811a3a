using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>The passkeys, as Identity asks for them when it checks one.</summary>
internal sealed partial class CredentialsStore : IUserPasskeyStore<Credentials>
{
    public Task AddOrUpdatePasskeyAsync(Credentials user, UserPasskeyInfo passkey, CancellationToken cancellationToken) => throw new NotSupportedException("Passkeys adds them.");

    public Task RemovePasskeyAsync(Credentials user, byte[] credentialId, CancellationToken cancellationToken) => throw new NotSupportedException("Passkeys removes them.");

    public Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Credentials user, CancellationToken cancellationToken) => database.ReadAsync<IList<UserPasskeyInfo>>(
        async db => (await db.Set<Passkey>().Where(passkey => passkey.AccountId == user.AccountId).ToListAsync(cancellationToken)).ConvertAll(InfoOf), cancellationToken);

    public Task<Credentials?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) => database.ReadAsync(
        db => (from passkey in db.Set<Passkey>()
               join credentials in db.Set<Credentials>() on passkey.AccountId equals credentials.AccountId
               where passkey.CredentialId == credentialId
               select credentials).SingleOrDefaultAsync(cancellationToken),
        cancellationToken);

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Credentials user, byte[] credentialId, CancellationToken cancellationToken) => await database.ReadAsync(
        db => db.Set<Passkey>().SingleOrDefaultAsync(passkey => passkey.AccountId == user.AccountId && passkey.CredentialId == credentialId, cancellationToken), cancellationToken) is { } found
        ? InfoOf(found)
        : null;

    // What it was made with proves nothing afterwards, and is not kept.
    private static UserPasskeyInfo InfoOf(Passkey passkey) => new(
        passkey.CredentialId, passkey.PublicKey, passkey.CreatedAt, (uint)passkey.SignCount, passkey.Transports.Split(' ', StringSplitOptions.RemoveEmptyEntries),
        isUserVerified: true, passkey.IsBackupEligible, passkey.IsBackedUp, attestationObject: [], clientDataJson: [])
    { Name = passkey.Name };
}
