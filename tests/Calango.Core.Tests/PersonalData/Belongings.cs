using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Exchange;
using Calango.Core.Identity;
using Calango.Core.Knowledge;
using Calango.Core.Memory;
using Calango.Core.Quotas;
using Calango.Core.Sharing;
using Calango.Core.Templates;
using Calango.Core.Tests.Jobs;
using Calango.Core.Tools;
using Calango.Core.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Tests.PersonalData;

/// <summary>Somebody who has one of all that a person can have.</summary>
internal static class Belongings
{
    // Whose a row is.
    private static readonly string[] Owners = ["AccountId", "AddedBy", "HolderId", "InvitedById", "OwnerId", "SubjectId"];

    // What somebody did stays in the log of acts: its hashes cover it.
    private static readonly string[] Kept = ["audit_entries.AccountId"];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<Guid> AddPersonAsync(JobKernel kernel, string name, Guid? known = null)
    {
        var now = kernel.Time.GetUtcNow();
        var id = known ?? Guid.CreateVersion7(now);
        await kernel.Get<Database>().WriteAsync(
            async db =>
            {
                if (known is null)
                {
                    db.Add(new Account { Id = id, Name = name, CreatedAt = now });
                    await db.SaveChangesAsync(Cancelled);
                }

                db.AddRange(All(id, name, now));
                await db.SaveChangesAsync(Cancelled);
            },
            Cancelled);
        await kernel.AddChatAsync($"Anaconda of {name}", answers: 40, owner: id);
        return id;
    }

    /// <summary>How many rows are somebody's, by each column that says whose a row is.</summary>
    public static Task<Dictionary<string, int>> CountAsync(JobKernel kernel, Guid id) => kernel.Get<Database>().ReadAsync(
        async db =>
        {
            var columns = from type in db.Model.GetEntityTypes()
                          where type.GetTableName() is not null
                          from property in type.GetProperties()
                          where Owners.Contains(property.Name)
                          select (Table: type.GetTableName()!, Column: property.Name);
            var counts = new Dictionary<string, int>();
            foreach (var (table, column) in columns.Distinct().Where(column => !Kept.Contains($"{column.Table}.{column.Column}")))
            {
                var sql = $"SELECT CAST(count(*) AS INTEGER) AS \"Value\" FROM {table} WHERE \"{column}\" = {{0}}";
                counts.Add($"{table}.{column}", await db.Database.SqlQueryRaw<int>(sql, id).SingleAsync(Cancelled));
            }

            return counts;
        },
        Cancelled);

    private static IEnumerable<object> All(Guid id, string name, DateTimeOffset now)
    {
        var email = $"{name.ToLowerInvariant()}@example.org";
        var provider = new LoginProvider { Id = Guid.CreateVersion7(now), Name = $"Login of {name}", Issuer = $"https://{name}.example" };
        var group = new Group { Id = Guid.CreateVersion7(now), Name = $"Group of {name}", NormalizedName = $"GROUP OF {name}", CreatedAt = now };
        var rule = new QuotaRule { Id = Guid.CreateVersion7(now), Scope = QuotaScope.Person, SubjectId = id, Limit = 10, CreatedAt = now };
        var everybodys = new QuotaRule { Id = Guid.CreateVersion7(now), Scope = QuotaScope.Everybody, Limit = 100, CreatedAt = now };
        var webhook = new Webhook { Id = Guid.CreateVersion7(now), AccountId = id, Address = $"https://{name}.example/hook", CreatedAt = now };
        var collection = new Collection { Id = Guid.CreateVersion7(now), OwnerId = id, Name = $"Papers of {name}", CreatedAt = now };
        var template = new Template { Id = Guid.CreateVersion7(now), OwnerId = id, CreatedAt = now };
        var content = new TemplateContent($"Greeting of {name}", "Dear {name}") { Command = "greet", Tags = ["mail"] };
        var chat = new Conversation { Id = Guid.CreateVersion7(now), AccountId = id, Title = $"Shown by {name}", CreatedAt = now, ActiveAt = now };
        byte[] hash = [.. id.ToByteArray()];
        return
        [
            provider,
            group,
            rule,
            everybodys,
            webhook,
            collection,
            new CollectionMember { Id = Guid.CreateVersion7(now), CollectionId = collection.Id, AccountId = id },
            new Document { Id = Guid.CreateVersion7(now), CollectionId = collection.Id, Name = "Letter.txt", BlobKey = DocumentIntake.KeyOf(id), Sha256 = "", AddedBy = id, AddedAt = now, State = DocumentState.Ready },
            template,
            template.Save(content.Tidied(), now),
            new TemplateMember { Id = Guid.CreateVersion7(now), TemplateId = template.Id, AccountId = id },
            new TemplateRating { TemplateId = template.Id, AccountId = id, Stars = 4 },
            chat,
            new Share { Id = Guid.CreateVersion7(now), AccountId = id, ConversationId = chat.Id, TokenHash = hash, CreatedAt = now },
            new WebhookDelivery { Id = Guid.CreateVersion7(now), WebhookId = webhook.Id, AccountId = id, Body = "{}", CreatedAt = now, QueuedAt = now },
            new Credentials { AccountId = id, Email = email, NormalizedEmail = email.ToUpperInvariant() },
            new ExternalLogin { Id = Guid.CreateVersion7(now), AccountId = id, ProviderId = provider.Id, Issuer = provider.Issuer, Subject = name, CreatedAt = now },
            new Membership { AccountId = id, GroupId = group.Id, ProviderId = Membership.ByAdministrator },
            new Passkey { Id = Guid.CreateVersion7(now), AccountId = id, Name = "Telephone", CredentialId = hash, CreatedAt = now },
            new SecondStep { AccountId = id, ProtectedKey = hash, CreatedAt = now },
            new RecoveryCode { AccountId = id, TextHash = hash },
            new Session { Id = Guid.CreateVersion7(now), AccountId = id, KeyHash = hash, Device = "curl", Address = "127.0.0.1", CreatedAt = now, ExpiresAt = now.AddDays(14) },
            new AccessToken { Id = Guid.CreateVersion7(now), AccountId = id, Name = "Script", Beginning = "cal_", TextHash = hash, CreatedAt = now, ExpiresAt = now.AddDays(90) },
            new Invitation { Id = Guid.CreateVersion7(now), InvitedById = id, Email = $"friend-of-{email}", KeyHash = hash, RoleId = Role.MemberId, CreatedAt = now, ExpiresAt = now.AddDays(7) },
            new ChatMemory { Id = Guid.CreateVersion7(now), AccountId = id, ConnectionId = Guid.CreateVersion7(now), ModelId = "small", Fingerprint = "small/1" },
            new ChatImport { Id = Guid.CreateVersion7(now), AccountId = id, FileName = $"chats of {name}.zip", CreatedAt = now },
            new KeptAnswer { AccountId = id, RequestHash = name, Text = name, CreatedAt = now },
            new PersonalNote { Id = Guid.CreateVersion7(now), AccountId = id, Text = $"I am {name}.", CreatedAt = now },
            new ToolRule { AccountId = id, Key = "clock/now", Permission = ToolPermission.Always },
            new Folder { Id = Guid.CreateVersion7(now), AccountId = id, Name = $"Folder of {name}" },
            new Tag { Id = Guid.CreateVersion7(now), AccountId = id, Name = name, NormalizedName = name.ToUpperInvariant() },
            new PersonalSettings { Id = Guid.CreateVersion7(now), AccountId = id, ServerId = Guid.CreateVersion7(now) },
            new QuotaBalance { RuleId = everybodys.Id, HolderId = id, Period = "2026-01", Used = 3 },
            new QuotaReservation { Id = Guid.CreateVersion7(now), AccountId = id, ExpiresAt = now.AddDays(400) },
        ];
    }
}
