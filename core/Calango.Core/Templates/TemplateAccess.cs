using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Templates;

/// <summary>Which templates are there for somebody, and what they may do with one.</summary>
internal static class TemplateAccess
{
    /// <summary>The authorization is the look-up.</summary>
    public static async Task<IQueryable<Template>> VisibleTemplatesAsync(this CalangoDb db, Guid accountId, CancellationToken cancellationToken)
    {
        var groups = await GroupsOfAsync(db, accountId, cancellationToken);
        return db.Set<Template>().Where(template =>
            template.OwnerId == accountId || template.PublishedAt != null
            || db.Set<TemplateMember>().Any(member => member.TemplateId == template.Id && (member.AccountId == accountId || groups.Contains(member.GroupId!.Value))));
    }

    /// <summary>One with what somebody may do with it.</summary>
    /// <exception cref="NotFoundException">There is none with this id that they may see.</exception>
    /// <exception cref="RejectedException"><c>template.readOnly</c>: they may use it, and no more.</exception>
    public static async Task<(Template Template, TemplateRight Right)> TemplateAsync(this CalangoDb db, Guid accountId, Guid id, TemplateRight right, CancellationToken cancellationToken)
    {
        var template = await (await db.VisibleTemplatesAsync(accountId, cancellationToken)).SingleOrDefaultAsync(template => template.Id == id, cancellationToken) ?? throw new NotFoundException();
        var has = template.OwnerId == accountId ? TemplateRight.Manage : await SharedRightAsync(db, accountId, id, cancellationToken);
        return has < right ? throw new RejectedException("template.readOnly") : (template, has);
    }

    private static async Task<TemplateRight> SharedRightAsync(CalangoDb db, Guid accountId, Guid id, CancellationToken cancellationToken)
    {
        var groups = await GroupsOfAsync(db, accountId, cancellationToken);
        var rights = await db.Set<TemplateMember>()
            .Where(member => member.TemplateId == id && (member.AccountId == accountId || groups.Contains(member.GroupId!.Value))).Select(member => member.Right).ToListAsync(cancellationToken);
        return rights.DefaultIfEmpty().Max();
    }

    private static Task<List<Guid>> GroupsOfAsync(CalangoDb db, Guid accountId, CancellationToken cancellationToken) =>
        db.Set<Membership>().Where(membership => membership.AccountId == accountId).Select(membership => membership.GroupId).Distinct().ToListAsync(cancellationToken);
}
