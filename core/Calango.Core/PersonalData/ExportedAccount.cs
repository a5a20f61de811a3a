using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Memory;
using Calango.Core.Sharing;
using Calango.Core.Tools;
using Calango.Core.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.PersonalData;

/// <summary>Somebody's account in the zip. Nothing in it opens anything: no password, key, token or secret, and no hash of one.</summary>
internal sealed record ExportedAccount(Guid Id, string Name, string? Email, string Role, DateTimeOffset CreatedAt, ExportedChoices Choices)
{
    public ExportedPicture Picture { get; init; }

    public required IReadOnlyList<string> Groups { get; init; }

    public required IReadOnlyList<ExportedLogin> Logins { get; init; }

    public required IReadOnlyList<ExportedPasskey> Passkeys { get; init; }

    public required bool SecondStep { get; init; }

    public required IReadOnlyList<ExportedToken> Tokens { get; init; }

    public required IReadOnlyList<ExportedWebhook> Webhooks { get; init; }

    public required IReadOnlyList<ExportedSession> Sessions { get; init; }

    public required IReadOnlyDictionary<string, ToolPermission> Tools { get; init; }

    public required IReadOnlyList<ExportedToolServer> ToolServers { get; init; }

    public required string Instructions { get; init; }

    public required IReadOnlyList<string> Facts { get; init; }

    public required IReadOnlyList<ExportedFolder> Folders { get; init; }

    public required IReadOnlyList<ExportedTag> Tags { get; init; }

    public required IReadOnlyList<ExportedShare> Shares { get; init; }

    public static async Task<ExportedAccount> ReadAsync(CalangoDb db, Guid id, CancellationToken cancellationToken)
    {
        var account = await db.Set<Account>().SingleOrDefaultAsync(account => account.Id == id, cancellationToken) ?? throw new NotFoundException();
        return new ExportedAccount(
            id,
            account.Name,
            await db.Set<Credentials>().Where(credentials => credentials.AccountId == id).Select(credentials => credentials.Email).SingleOrDefaultAsync(cancellationToken),
            await db.Set<Role>().Where(role => role.Id == account.RoleId).Select(role => role.Name).SingleAsync(cancellationToken),
            account.CreatedAt,
            new ExportedChoices(
                account.DefaultModelId, account.TitleMode, account.TitleModelId, account.QuestionMode, account.QuestionModelId,
                [.. account.FallbackModels.Split('\n', StringSplitOptions.RemoveEmptyEntries)])
            {
                SearchByMeaning = await db.Set<ChatMemory>().Where(memory => memory.AccountId == id).Select(memory => memory.ModelId).SingleOrDefaultAsync(cancellationToken),
            })
        {
            Instructions = await db.Set<PersonalNote>().Where(note => note.AccountId == id && !note.IsFact).Select(note => note.Text).SingleOrDefaultAsync(cancellationToken) ?? "",
            Facts = await db.Set<PersonalNote>().Where(note => note.AccountId == id && note.IsFact).OrderBy(note => note.Id).Select(note => note.Text).ToListAsync(cancellationToken),
            Groups = await (from membership in db.Set<Membership>()
                            join @group in db.Set<Group>() on membership.GroupId equals @group.Id
                            where membership.AccountId == id
                            select @group.Name).Distinct().ToListAsync(cancellationToken),
            Logins = await (from login in db.Set<ExternalLogin>()
                            join provider in db.Set<LoginProvider>() on login.ProviderId equals provider.Id
                            where login.AccountId == id
                            select new ExportedLogin(provider.Name, login.Issuer, login.Subject, login.CreatedAt, login.UsedAt)).ToListAsync(cancellationToken),
            Passkeys = await db.Set<Passkey>().Where(passkey => passkey.AccountId == id)
                .Select(passkey => new ExportedPasskey(passkey.Name, passkey.CreatedAt, passkey.UsedAt)).ToListAsync(cancellationToken),
            SecondStep = await db.Set<SecondStep>().AnyAsync(step => step.AccountId == id, cancellationToken),
            Tokens = await db.Set<AccessToken>().Where(token => token.AccountId == id)
                .Select(token => new ExportedToken(token.Name, token.Scopes, token.CreatedAt, token.ExpiresAt, token.UsedAt)).ToListAsync(cancellationToken),
            Webhooks = await db.Set<Webhook>().Where(webhook => webhook.AccountId == id)
                .Select(webhook => new ExportedWebhook(webhook.Address, webhook.CreatedAt)).ToListAsync(cancellationToken),
            Sessions = await db.Set<Session>().Where(session => session.AccountId == id)
                .Select(session => new ExportedSession(session.Device, session.Address, session.CreatedAt, session.SeenAt, session.EndedAt)).ToListAsync(cancellationToken),
            Tools = await db.Set<ToolRule>().Where(rule => rule.AccountId == id).ToDictionaryAsync(rule => rule.Key, rule => rule.Permission, cancellationToken),
            ToolServers = await db.Set<PersonalSettings>().Where(settings => settings.AccountId == id)
                .Select(settings => new ExportedToolServer(settings.ServerId, settings.Settings)).ToListAsync(cancellationToken),
            Folders = await db.Set<Folder>().Where(folder => folder.AccountId == id).OrderBy(folder => folder.Position)
                .Select(folder => new ExportedFolder(folder.Id, folder.ParentId, folder.Name, db.Set<Conversation>().Where(chat => chat.FolderId == folder.Id).Select(chat => chat.Id).ToList())).ToListAsync(cancellationToken),
            Tags = await db.Set<Tag>().Where(tag => tag.AccountId == id).OrderBy(tag => tag.Name)
                .Select(tag => new ExportedTag(tag.Id, tag.Name, tag.Color, db.Set<ChatTag>().Where(tagged => tagged.TagId == tag.Id).Select(tagged => tagged.ConversationId).ToList())).ToListAsync(cancellationToken),
            Shares = await db.Set<Share>().Where(share => share.AccountId == id).OrderBy(share => share.Id)
                .Select(share => new ExportedShare(share.ConversationId, share.Snapshot == null, share.PasswordHash != null, share.CreatedAt, share.ExpiresAt, share.Views)).ToListAsync(cancellationToken),
        };
    }
}

/// <summary>A folder, with the chats that lie in it, in the zip.</summary>
internal sealed record ExportedFolder(Guid Id, Guid? ParentId, string Name, IReadOnlyList<Guid> Chats);

/// <summary>A tag, with the chats that have it, in the zip.</summary>
internal sealed record ExportedTag(Guid Id, string Name, TagColor Color, IReadOnlyList<Guid> Chats);

/// <summary>A link with which others read a chat, without what it holds, in the zip.</summary>
internal sealed record ExportedShare(Guid Chat, bool IsLive, bool HasPassword, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, int Views);

/// <summary>Whether their picture is in the zip.</summary>
internal enum ExportedPicture
{
    /// <summary>They have none.</summary>
    None,

    /// <summary>It is.</summary>
    Included,

    /// <summary>It isn't: where it is kept, it could not be read then.</summary>
    LeftOut,
}

/// <summary>What they have chosen for new chats.</summary>
internal sealed record ExportedChoices(string? Model, TaskMode Titles, string? TitleModel, TaskMode Questions, string? QuestionModel, IReadOnlyList<string> FallbackModels)
{
    /// <summary>The model by which their chats are found by what they mean; null: they are not.</summary>
    public string? SearchByMeaning { get; init; }
}

/// <summary>A login elsewhere that opens the account.</summary>
internal sealed record ExportedLogin(string Provider, string Issuer, string Subject, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt);

/// <summary>A passkey.</summary>
internal sealed record ExportedPasskey(string Name, DateTimeOffset CreatedAt, DateTimeOffset? UsedAt);

/// <summary>A program's token.</summary>
internal sealed record ExportedToken(string Name, TokenScopes Scopes, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, DateTimeOffset? UsedAt);

/// <summary>An address that is told of their turns.</summary>
internal sealed record ExportedWebhook(string Address, DateTimeOffset CreatedAt);

/// <summary>A browser in which they have signed in.</summary>
internal sealed record ExportedSession(string Device, string Address, DateTimeOffset CreatedAt, DateTimeOffset SeenAt, DateTimeOffset? EndedAt);

/// <summary>What they have entered for a server of tools, without secrets.</summary>
internal sealed record ExportedToolServer(Guid ServerId, IReadOnlyDictionary<string, string> Settings);
