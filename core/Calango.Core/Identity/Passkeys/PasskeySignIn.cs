using Calango.Core.Data;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>Signs in with a passkey alone: it says whose it is, and its owner has shown to the device that it is them.</summary>
public sealed class PasskeySignIn
{
    /// <summary>How long somebody may take for it.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly Database _database;
    private readonly IPasskeyHandler<Credentials> _handler;
    private readonly PasskeySeal _seal;
    private readonly TimeProvider _clock;

    internal PasskeySignIn(Database database, IPasskeyHandler<Credentials> handler, PasskeySeal seal, TimeProvider clock) =>
        (_database, _handler, _seal, _clock) = (database, handler, seal, clock);

    /// <summary>Asks a browser for any passkey of this server.</summary>
    public async Task<AskedPasskey> BeginAsync(HttpContext context)
    {
        var made = await _handler.MakeRequestOptionsAsync(user: null, context);
        return new AskedPasskey(made.RequestOptionsJson, _seal.Close(new BegunPasskey(_clock.GetUtcNow(), made.AssertionState)));
    }

    /// <summary>Checks what the browser has answered. Each question is answered once.</summary>
    /// <param name="kept">What the browser has kept since it was asked.</param>
    /// <param name="answer">Its answer.</param>
    /// <param name="context">The request with it.</param>
    /// <returns>Whose passkey it is; null: it opens nothing.</returns>
    public async Task<Guid?> CheckAsync(string? kept, string answer, HttpContext context)
    {
        if (_seal.Open(kept) is not { Owner: null } begun)
        {
            return null;
        }

        var check = await _handler.PerformAssertionAsync(new PasskeyAssertionContext { HttpContext = context, CredentialJson = answer, AssertionState = begun.State });
        return check.Succeeded && await UseAsync(check.User.AccountId, check.Passkey, begun.At, context.RequestAborted) ? check.User.AccountId : null;
    }

    // What is stored may have changed since it was checked: a passkey that signs twice at once, or was taken away, opens nothing.
    private Task<bool> UseAsync(Guid accountId, UserPasskeyInfo used, DateTimeOffset begunAt, CancellationToken cancellationToken) => _database.WriteAsync(
        async db =>
        {
            var (id, count, isBackedUp) = (used.CredentialId, (long)used.SignCount, used.IsBackedUp);
            var taken = await db.Set<Passkey>()
                .Where(passkey => passkey.AccountId == accountId && passkey.CredentialId == id)
                .Where(passkey => passkey.UsedAt == null || passkey.UsedAt < begunAt)
                .Where(passkey => passkey.SignCount < count || (passkey.SignCount == 0 && count == 0))
                .Where(passkey => db.Set<Account>().Any(account => account.Id == accountId && account.SuspendedAt == null))
                .ExecuteUpdateAsync(
                    set => set.SetProperty(passkey => passkey.UsedAt, begunAt).SetProperty(passkey => passkey.SignCount, count).SetProperty(passkey => passkey.IsBackedUp, isBackedUp), cancellationToken);
            return taken == 1;
        },
        cancellationToken);
}

/// <summary>What a browser is asked for.</summary>
/// <param name="Options">The question, as WebAuthn writes it in JSON.</param>
/// <param name="Kept">What the browser keeps until it answers.</param>
public sealed record AskedPasskey(string Options, string Kept);
