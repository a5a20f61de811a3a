using System.Globalization;
using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Templates;

/// <summary>
/// The templates that somebody may use: their own, those that are shared with them or with a group of theirs, and those that are
/// published. What one may not see is not there for them. Thread-safe.
/// </summary>
public sealed class Templates(Database database, TimeProvider clock)
{
    /// <summary>All that somebody may use.</summary>
    public async Task<IReadOnlyList<TemplateOverview>> ListAsync(Guid accountId, TemplateQuery query, CancellationToken cancellationToken)
    {
        var all = await database.ReadAsync(
            async db => await (await db.VisibleTemplatesAsync(accountId, cancellationToken)).Select(template => new TemplateOverview(
                template.Id, template.OwnerId, template.Name, template.Command, template.Description, template.Category, template.Tags, template.Variables, template.PublishedAt != null, template.Uses,
                db.Set<TemplateRating>().Where(rating => rating.TemplateId == template.Id).Average(rating => (double?)rating.Stars),
                db.Set<TemplateRating>().Count(rating => rating.TemplateId == template.Id),
                template.SavedAt)).ToListAsync(cancellationToken),
            cancellationToken);
        var found = all.Where(template => Fits(template, query)).OrderBy(template => template.Name, StringComparer.CurrentCultureIgnoreCase).ThenBy(template => template.Id);
        return query.Order switch
        {
            TemplateOrder.Rating => [.. found.OrderByDescending(template => template.Stars ?? 0)],
            TemplateOrder.Use => [.. found.OrderByDescending(template => template.Uses)],
            _ => [.. found],
        };
    }

    /// <summary>One.</summary>
    /// <param name="accountId">Who asks.</param>
    /// <param name="id">Which.</param>
    /// <param name="right">What they want to do with it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="NotFoundException">There is none with this id that they may see.</exception>
    /// <exception cref="RejectedException"><c>template.readOnly</c>: they may use it, and no more.</exception>
    public Task<TemplateView> FindAsync(Guid accountId, Guid id, TemplateRight right, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            var (template, has) = await db.TemplateAsync(accountId, id, right, cancellationToken);
            var ratings = await db.Set<TemplateRating>().Where(rating => rating.TemplateId == id).ToListAsync(cancellationToken);
            return new TemplateView(
                template, has, ratings.Count == 0 ? null : ratings.Average(rating => rating.Stars), ratings.Count, ratings.Find(rating => rating.AccountId == accountId)?.Stars);
        },
        cancellationToken);

    /// <summary>Makes one.</summary>
    /// <exception cref="RejectedException"><c>template.…</c>: something is wrong with it; <c>template.taken</c>: another one of theirs has its command.</exception>
    public Task<Template> AddAsync(Guid accountId, TemplateContent content, bool isPublished, CancellationToken cancellationToken)
    {
        var tidied = Checked(content);
        var now = clock.GetUtcNow();
        return StoreAsync(
            async db =>
            {
                await RefuseTakenAsync(db, accountId, id: null, tidied.Command, cancellationToken);
                var template = new Template { Id = Guid.CreateVersion7(now), OwnerId = accountId, CreatedAt = now, PublishedAt = isPublished ? now : null };
                db.AddRange(template, template.Save(tidied, now));
                await db.SaveChangesAsync(cancellationToken);
                return template;
            },
            cancellationToken);
    }

    /// <summary>Makes a new version of one, unless nothing has changed.</summary>
    /// <param name="accountId">Who saves it.</param>
    /// <param name="id">Which.</param>
    /// <param name="content">What it says from now on.</param>
    /// <param name="seen">The version that was changed; null: whichever is there.</param>
    /// <param name="mayPublish">They may say what everybody reads.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <inheritdoc cref="FindAsync"/>
    /// <exception cref="RejectedException"><c>template.changed</c>: somebody has saved it since; <c>template.published</c>: everybody uses it, and only who may publish changes that.</exception>
    public Task<Template> SaveAsync(Guid accountId, Guid id, TemplateContent content, int? seen, bool mayPublish, CancellationToken cancellationToken)
    {
        var tidied = Checked(content);
        return StoreAsync(
            async db =>
            {
                var (template, _) = await db.TemplateAsync(accountId, id, TemplateRight.Edit, cancellationToken);
                if (template.PublishedAt is not null && !mayPublish)
                {
                    throw new RejectedException("template.published");
                }

                if (seen is not null && seen != template.Version)
                {
                    throw new RejectedException("template.changed");
                }

                await RefuseTakenAsync(db, template.OwnerId, id, tidied.Command, cancellationToken);
                if (tidied != template.Content)
                {
                    db.Add(template.Save(tidied, clock.GetUtcNow()));
                    await db.SaveChangesAsync(cancellationToken);
                    await db.Set<TemplateVersion>().Where(version => version.TemplateId == id && version.Number <= template.Version - TemplateVersion.Kept).ExecuteDeleteAsync(cancellationToken);
                }

                return template;
            },
            cancellationToken);
    }

    /// <summary>The versions that are kept of one, the newest first.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public Task<List<TemplateVersion>> VersionsAsync(Guid accountId, Guid id, CancellationToken cancellationToken) => database.ReadAsync(
        async db =>
        {
            await db.TemplateAsync(accountId, id, TemplateRight.Edit, cancellationToken);
            return await db.Set<TemplateVersion>().Where(version => version.TemplateId == id).OrderByDescending(version => version.Number).ToListAsync(cancellationToken);
        },
        cancellationToken);

    /// <summary>Has one say again what it said in an earlier version; that is a version of its own.</summary>
    /// <inheritdoc cref="SaveAsync"/>
    public async Task RollBackAsync(Guid accountId, Guid id, int number, bool mayPublish, CancellationToken cancellationToken)
    {
        var version = (await VersionsAsync(accountId, id, cancellationToken)).Find(version => version.Number == number) ?? throw new NotFoundException();
        await SaveAsync(accountId, id, version.Content, seen: null, mayPublish, cancellationToken);
    }

    /// <summary>The text of one with values put in, which counts as a use.</summary>
    /// <inheritdoc cref="FindAsync"/>
    /// <exception cref="RejectedException"><c>template.…</c>: a value does not fit.</exception>
    public async Task<string> FillAsync(Guid accountId, Guid id, IReadOnlyDictionary<string, string> values, CancellationToken cancellationToken)
    {
        var template = (await FindAsync(accountId, id, TemplateRight.Use, cancellationToken)).Template;
        TemplateRules.Enforce(TemplateRules.Check(template.Variables, values));
        await database.WriteAsync(
            db => db.Set<Template>().Where(row => row.Id == id).ExecuteUpdateAsync(set => set.SetProperty(row => row.Uses, row => row.Uses + 1), cancellationToken), cancellationToken);
        return TemplateText.Fill(template.Text, values);
    }

    /// <summary>Says how good somebody finds one; null: they say nothing any more.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public Task RateAsync(Guid accountId, Guid id, int? stars, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await db.TemplateAsync(accountId, id, TemplateRight.Use, cancellationToken);
            await db.Set<TemplateRating>().Where(rating => rating.TemplateId == id && rating.AccountId == accountId).ExecuteDeleteAsync(cancellationToken);
            if (stars is { } given)
            {
                db.Add(new TemplateRating { TemplateId = id, AccountId = accountId, Stars = Math.Clamp(given, 1, TemplateRating.MaxStars) });
                await db.SaveChangesAsync(cancellationToken);
            }
        },
        cancellationToken);

    /// <summary>Removes one with all its versions.</summary>
    /// <inheritdoc cref="FindAsync"/>
    public Task RemoveAsync(Guid accountId, Guid id, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            await db.TemplateAsync(accountId, id, TemplateRight.Manage, cancellationToken);
            await db.Set<Template>().Where(template => template.Id == id).ExecuteDeleteAsync(cancellationToken);
        },
        cancellationToken);

    private static TemplateContent Checked(TemplateContent content)
    {
        var tidied = content.Tidied();
        TemplateRules.Enforce(TemplateRules.Check(tidied));
        return tidied;
    }

    private static async Task RefuseTakenAsync(CalangoDb db, Guid ownerId, Guid? id, string? command, CancellationToken cancellationToken)
    {
        if (command is not null && await db.Set<Template>().AnyAsync(template => template.OwnerId == ownerId && template.Command == command && template.Id != id, cancellationToken))
        {
            throw new RejectedException("template.taken", ("field", "command"));
        }
    }

    // Two at the same moment: the database lets one of them have the command, or the number of the version.
    private async Task<T> StoreAsync<T>(Func<CalangoDb, Task<T>> work, CancellationToken cancellationToken)
    {
        try
        {
            return await database.WriteAsync(work, cancellationToken);
        }
        catch (DbUpdateException exception) when (DatabaseFailure.IsDuplicate(exception))
        {
            throw new RejectedException("template.changed");
        }
    }

    private static bool Fits(TemplateOverview template, TemplateQuery query) =>
        (string.IsNullOrEmpty(query.Category) || Same(template.Category, query.Category))
        && (string.IsNullOrEmpty(query.Tag) || template.Tags.Any(tag => Same(tag, query.Tag)))
        && (query.Text ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).All(word =>
            Has(template.Name, word) || Has(template.Command ?? "", word.TrimStart('/')) || Has(template.Description, word) || Has(template.Category, word) || template.Tags.Any(tag => Has(tag, word)));

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static bool Has(string text, string word) =>
        word.Length > 0 && CultureInfo.InvariantCulture.CompareInfo.IndexOf(text, word, CompareOptions.IgnoreCase | CompareOptions.IgnoreNonSpace) >= 0;
}
