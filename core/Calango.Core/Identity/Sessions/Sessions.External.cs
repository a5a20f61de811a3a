using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>Sessions that were opened with a provider's login.</summary>
public sealed partial class Sessions
{
    /// <summary>Ends those of which a provider says that they are over there.</summary>
    /// <returns>How many.</returns>
    public Task<int> EndAsync(ExternalLogout logout, CancellationToken cancellationToken) => EndAsync(
        db => from session in db.Set<Session>()
              join external in db.Set<ExternalSession>() on session.Id equals external.SessionId
              where external.ProviderId == logout.ProviderId
                  && (logout.Subject == null || external.Subject == logout.Subject)
                  && (logout.SessionId == null || external.ProviderSessionId == logout.SessionId)
              select session,
        cancellationToken);

    /// <summary>With which provider's login one was opened, and what shows the provider whom to log out; null: with none.</summary>
    public async Task<ExternalWay?> FindWayAsync(Guid id, CancellationToken cancellationToken) =>
        await database.ReadAsync(db => db.Set<ExternalSession>().SingleOrDefaultAsync(external => external.SessionId == id, cancellationToken), cancellationToken) is { } external
            ? new ExternalWay(external.ProviderId, external.ProtectedIdToken is { } token ? Reveal(token) : null)
            : null;

    private ExternalSession ExternalOf(Guid id, ExternalIdentity login) => new()
    {
        SessionId = id,
        ProviderId = login.ProviderId,
        Subject = login.Subject,
        ProviderSessionId = login.SessionId,
        ProtectedIdToken = login.IdToken is { } token ? Protector().Protect(token) : null,
    };

    // Of another secret's time: the provider then asks people itself whom it is to log out.
    private string? Reveal(string token)
    {
        try
        {
            return Protector().Unprotect(token);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private IDataProtector Protector() => protection.CreateProtector("Calango.Sessions", "id_token");
}

/// <summary>The login of a provider with which a session was opened.</summary>
/// <param name="ProviderId">Whose.</param>
/// <param name="IdToken">What shows the provider whom to log out; null: there is no such thing.</param>
public sealed record ExternalWay(Guid ProviderId, string? IdToken)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"{ProviderId}";
}
