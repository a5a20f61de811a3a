using System.Text.Json;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Sharing;

/// <summary>What others read with a link. It is nobody's but the link's: who they are counts for nothing. Thread-safe.</summary>
public sealed class SharedChats
{
    /// <summary>For how long a browser need not be asked for a link's password again.</summary>
    public static readonly TimeSpan PassLifetime = TimeSpan.FromHours(12);

    private readonly Database _database;
    private readonly MessageTree _tree;
    private readonly ShareTokens _tokens;
    private readonly PasswordHashes _hashes;
    private readonly CoreOptions _options;
    private readonly TimeProvider _clock;

    internal SharedChats(Database database, MessageTree tree, ShareTokens tokens, PasswordHashes hashes, CoreOptions options, TimeProvider clock) =>
        (_database, _tree, _tokens, _hashes, _options, _clock) = (database, tree, tokens, hashes, options, clock);

    /// <summary>The link with a token.</summary>
    /// <exception cref="RejectedException">
    /// <c>share.gone</c>: there never was one, it was revoked, its time is over, its chat is deleted, whoever made it is out, or chats are not shared here. Nobody is told which.
    /// </exception>
    public async Task<Share> FindAsync(string token, CancellationToken cancellationToken)
    {
        var (hash, now) = (ShareTokens.Hash(token), _clock.GetUtcNow());
        var found = await _database.ReadAsync(
            db => (from share in db.Set<Share>()
                   join chat in db.Set<Conversation>() on share.ConversationId equals chat.Id
                   join account in db.Set<Account>() on share.AccountId equals account.Id
                   where share.TokenHash == hash && (share.ExpiresAt == null || share.ExpiresAt > now) && chat.DeletedAt == null && account.SuspendedAt == null && account.RemoveAt == null
                   select share).SingleOrDefaultAsync(cancellationToken),
            cancellationToken);
        return found is not null && _options.Sharing ? found : throw Gone();
    }

    /// <summary>Whether a browser may see what is behind a link.</summary>
    /// <param name="share">The link.</param>
    /// <param name="pass">What the browser keeps.</param>
    public bool IsOpen(Share share, string? pass) => share.PasswordHash is null || _tokens.IsPassFor(share.Id, pass, PassLifetime);

    /// <summary>What a browser keeps once somebody has entered the password of a link; null: it is another one.</summary>
    public string? PassOf(Share share, string password) =>
        share.PasswordHash is { } hash && password.Length <= Credentials.MaxPasswordLength && _hashes.VerifyHashedPassword(Shares.Nobody, hash, password) != PasswordVerificationResult.Failed
            ? _tokens.PassFor(share.Id)
            : null;

    /// <summary>What is behind a link.</summary>
    /// <exception cref="RejectedException"><c>share.gone</c>: its chat was deleted a moment ago.</exception>
    public async Task<SharedChat> ReadAsync(Share share, CancellationToken cancellationToken) => share.Snapshot is { } snapshot
        ? JsonSerializer.Deserialize<SharedChat>(snapshot, JsonSerializerOptions.Web)!
        : SharedChat.Of(await _tree.PageAsync(share.AccountId, share.ConversationId, before: null, int.MaxValue, cancellationToken) ?? throw Gone());

    /// <summary>Counts that somebody has looked.</summary>
    public Task CountAsync(Share share, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        return _database.WriteAsync(
            db => db.Set<Share>().Where(other => other.Id == share.Id).ExecuteUpdateAsync(
                set => set.SetProperty(other => other.Views, other => other.Views + 1).SetProperty(other => other.ViewedAt, now), cancellationToken),
            cancellationToken);
    }

    private static RejectedException Gone() => new("share.gone");
}
