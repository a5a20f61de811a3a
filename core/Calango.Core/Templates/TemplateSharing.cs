using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Templates;

/// <summary>Somebody, or a group, who may use a template.</summary>
/// <param name="Member">The row.</param>
/// <param name="Name">How the person or the group is called.</param>
public sealed record NamedTemplateMember(TemplateMember Member, string Name);

/// <summary>Lets others use templates. Thread-safe.</summary>
public sealed class TemplateSharing(Database database, TimeProvider clock)
{
    /// <summary>Who may use one besides its owner.</summary>
    /// <exception cref="NotFoundException">There is none with this id that they may see.</exception>
    /// <exception cref="RejectedException"><c>template.readOnly</c>: they may not share it.</exception>
    public Task<List<NamedTemplateMember>> MembersAsync(Guid accountId, Guid id, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            await db.TemplateAsync(accountId, id, TemplateRight.Manage, cancellationToken);
            return await (from member in db.Set<TemplateMember>()
                          where member.TemplateId == id
                          join account in db.Set<Account>() on member.AccountId equals (Guid?)account.Id into accounts
                          from person in accounts.DefaultIfEmpty()
                          join @group in db.Set<Group>() on member.GroupId equals (Guid?)@group.Id into groups
                          from team in groups.DefaultIfEmpty()
                          orderby member.Id
                          select new NamedTemplateMember(member, person != null ? person.Name : team!.Name)).ToListAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Lets a person or a group use one, or changes what they may do.</summary>
    /// <inheritdoc cref="MembersAsync"/>
    public Task ShareAsync(Guid accountId, Guid id, Guid? person, Guid? group, TemplateRight right, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await db.TemplateAsync(accountId, id, TemplateRight.Manage, cancellationToken);
            if (!await db.Set<Account>().AnyAsync(account => account.Id == person, cancellationToken) && !await db.Set<Group>().AnyAsync(row => row.Id == group, cancellationToken))
            {
                throw new NotFoundException();
            }

            await db.Set<TemplateMember>().Where(member => member.TemplateId == id && member.AccountId == person && member.GroupId == group).ExecuteDeleteAsync(cancellationToken);
            db.Add(new TemplateMember { Id = Guid.CreateVersion7(clock.GetUtcNow()), TemplateId = id, AccountId = person, GroupId = person is null ? group : null, Right = right });
            await db.SaveChangesAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Lets somebody use one no more, and returns who that was.</summary>
    /// <inheritdoc cref="MembersAsync"/>
    public Task<TemplateMember> UnshareAsync(Guid accountId, Guid id, Guid memberId, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await db.TemplateAsync(accountId, id, TemplateRight.Manage, cancellationToken);
            var member = await db.Set<TemplateMember>().SingleOrDefaultAsync(member => member.TemplateId == id && member.Id == memberId, cancellationToken) ?? throw new NotFoundException();
            db.Remove(member);
            await db.SaveChangesAsync(cancellationToken);
            return member;
        },
        cancellationToken);

    /// <summary>Lets everybody use one, or no more. Who does it may publish.</summary>
    /// <exception cref="NotFoundException">There is none with this id that they may see.</exception>
    /// <exception cref="RejectedException"><c>template.readOnly</c>: it is not theirs to publish. To end that, it need not be.</exception>
    public Task PublishAsync(Guid accountId, Guid id, bool isPublished, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await db.TemplateAsync(accountId, id, isPublished ? TemplateRight.Manage : TemplateRight.Use, cancellationToken);
            var at = isPublished ? clock.GetUtcNow() : (DateTimeOffset?)null;
            await db.Set<Template>().Where(template => template.Id == id).ExecuteUpdateAsync(set => set.SetProperty(template => template.PublishedAt, at), cancellationToken);
        },
        cancellationToken);
}
