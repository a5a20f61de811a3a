using System.Linq.Expressions;
using System.Text.Json;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Sharing;

/// <summary>The links with which somebody shows their chats to others. Thread-safe.</summary>
public sealed class Shares
{
    /// <summary>How many somebody can have.</summary>
    public const int MostOfOne = 500;

    internal static readonly Credentials Nobody = new() { Email = "" };

    private readonly Database _database;
    private readonly MessageTree _tree;
    private readonly ShareTokens _tokens;
    private readonly PasswordHashes _hashes;
    private readonly CoreOptions _options;
    private readonly TimeProvider _clock;

    internal Shares(Database database, MessageTree tree, ShareTokens tokens, PasswordHashes hashes, CoreOptions options, TimeProvider clock) =>
        (_database, _tree, _tokens, _hashes, _options, _clock) = (database, tree, tokens, hashes, options, clock);

    /// <summary>Whether chats can be shared on this server.</summary>
    public bool IsOn => _options.Sharing;

    /// <summary>Somebody's links, the newest first; those whose time is over are among them.</summary>
    /// <param name="accountId">Whose.</param>
    /// <param name="chatId">To which chat; null: to all that are not deleted.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<List<ShareOverview>> ListAsync(Guid accountId, Guid? chatId, CancellationToken cancellationToken) =>
        ListAsync(accountId, share => chatId == null || share.ConversationId == chatId, cancellationToken);

    /// <summary>One of somebody's links.</summary>
    /// <exception cref="NotFoundException">Not there, or somebody else's.</exception>
    public async Task<ShareOverview> FindAsync(Guid accountId, Guid id, CancellationToken cancellationToken) =>
        (await ListAsync(accountId, share => share.Id == id, cancellationToken)).SingleOrDefault() ?? throw new NotFoundException();

    /// <summary>Makes a link to a chat, and returns its id.</summary>
    /// <exception cref="NotFoundException">There is no such chat of theirs.</exception>
    /// <exception cref="RejectedException">
    /// <c>share.off</c>, <c>share.past</c>, <c>share.password</c> or <c>share.tooMany</c>; <c>chat.busy</c>: what is to be kept as it is now is still being written.
    /// </exception>
    public async Task<Guid> MakeAsync(Guid accountId, Guid chatId, NewShare wanted, CancellationToken cancellationToken)
    {
        if (!IsOn)
        {
            throw new RejectedException("share.off");
        }

        var now = _clock.GetUtcNow();
        wanted.Validate(now);
        var (id, token) = (Guid.CreateVersion7(now), ShareTokens.Make());
        var share = new Share
        {
            Id = id,
            AccountId = accountId,
            ConversationId = chatId,
            TokenHash = ShareTokens.Hash(token),
            ClosedToken = _tokens.Close(id, token),
            Snapshot = wanted.IsLive ? null : await SnapshotAsync(accountId, chatId, cancellationToken),
            PasswordHash = wanted.Password is { } password ? _hashes.HashPassword(Nobody, password) : null,
            CreatedAt = now,
            ExpiresAt = wanted.ExpiresAt?.ToUniversalTime(),
        };
        await _database.WriteAsync(
            async db =>
            {
                // Nobody removes it meanwhile.
                await db.HoldConversationAsync(accountId, chatId, cancellationToken);
                if (await db.Set<Share>().CountAsync(other => other.AccountId == accountId, cancellationToken) >= MostOfOne)
                {
                    throw new RejectedException("share.tooMany");
                }

                db.Add(share);
                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        return id;
    }

    /// <summary>Takes a link back: it opens nothing any more.</summary>
    /// <exception cref="NotFoundException">Not there, or somebody else's.</exception>
    public async Task RevokeAsync(Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        if (await _database.WriteAsync(db => db.Set<Share>().Where(share => share.Id == id && share.AccountId == accountId).ExecuteDeleteAsync(cancellationToken), cancellationToken) == 0)
        {
            throw new NotFoundException();
        }
    }

    private async Task<List<ShareOverview>> ListAsync(Guid accountId, Expression<Func<Share, bool>> which, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var found = await _database.ReadAsync(
            db => (from share in db.Set<Share>().Where(share => share.AccountId == accountId).Where(which)
                   join chat in db.ConversationsOf(accountId) on share.ConversationId equals chat.Id
                   orderby share.Id descending
                   select new
                   {
                       share.ClosedToken,
                       Overview = new ShareOverview(share.Id, share.ConversationId, chat.Title, share.CreatedAt)
                       {
                           IsLive = share.Snapshot == null,
                           HasPassword = share.PasswordHash != null,
                           ExpiresAt = share.ExpiresAt,
                           Views = share.Views,
                           ViewedAt = share.ViewedAt,
                       },
                   }).ToListAsync(cancellationToken),
            cancellationToken);
        return found.ConvertAll(share => share.Overview with { Token = _tokens.Open(share.Overview.Id, share.ClosedToken), IsOver = share.Overview.ExpiresAt <= now });
    }

    private async Task<string> SnapshotAsync(Guid accountId, Guid chatId, CancellationToken cancellationToken)
    {
        var path = await _tree.PageAsync(accountId, chatId, before: null, int.MaxValue, cancellationToken) ?? throw new NotFoundException();
        return path.Messages is [.., { Turn.IsRunning: true }] ? throw new RejectedException("chat.busy") : JsonSerializer.Serialize(SharedChat.Of(path), JsonSerializerOptions.Web);
    }
}
