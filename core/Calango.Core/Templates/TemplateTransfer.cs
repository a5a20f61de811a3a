using System.Text.Json;
using Calango.Core.Data;
using Calango.Core.Errors;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Templates;

/// <summary>Takes templates in and gives them out. Thread-safe.</summary>
public sealed class TemplateTransfer(Database database, Templates templates)
{
    /// <summary>All that are somebody's own, by name.</summary>
    public async Task<IReadOnlyList<TemplateContent>> OwnAsync(Guid accountId, CancellationToken cancellationToken) =>
        [.. (await ReadAsync(accountId, cancellationToken)).Select(template => template.Content).OrderBy(content => content.Name, StringComparer.Ordinal)];

    /// <summary>Takes some in. One that is there already, by its name, becomes a new version where it says something else; twice the same makes no doubles.</summary>
    /// <param name="accountId">Whose they will be.</param>
    /// <param name="read">The templates of a file.</param>
    /// <param name="mayPublish">They may change what everybody uses.</param>
    /// <param name="isDry">Nothing is stored: what would become of each is said.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<ImportedTemplate>> ImportAsync(Guid accountId, IReadOnlyList<ReadTemplate> read, bool mayPublish, bool isDry, CancellationToken cancellationToken) =>
        TakeInAsync(accountId, read, new Manner(mayPublish, isDry, Updates: true, Publishes: false), cancellationToken);

    /// <summary>Gives somebody the templates to begin with, in a language of theirs; what they have changed of them stays.</summary>
    /// <param name="accountId">Whose they will be.</param>
    /// <param name="language">The tag of a language; of one that has none, it is the English ones.</param>
    /// <param name="publishes">Everybody may use them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<ImportedTemplate>> AddStarterSetAsync(Guid accountId, string language, bool publishes, CancellationToken cancellationToken) =>
        TakeInAsync(accountId, StarterSet(language), new Manner(MayPublish: publishes, IsDry: false, Updates: false, publishes), cancellationToken);

    private static IReadOnlyList<ReadTemplate> StarterSet(string language)
    {
        var assembly = typeof(TemplateTransfer).Assembly;
        using var file = assembly.GetManifestResourceStream($"starter-templates.{language}.json") ?? assembly.GetManifestResourceStream("starter-templates.en.json")!;
        using var json = JsonDocument.Parse(file);
        return TemplateFile.Read(json.RootElement);
    }

    private async Task<IReadOnlyList<ImportedTemplate>> TakeInAsync(Guid accountId, IReadOnlyList<ReadTemplate> read, Manner manner, CancellationToken cancellationToken)
    {
        var own = await ReadAsync(accountId, cancellationToken);
        var imported = new List<ImportedTemplate>();
        foreach (var (content, refusal) in read)
        {
            imported.Add(refusal is null ? await TryAsync(content) : new ImportedTemplate(content.Name, ImportOutcome.Refused, refusal));
        }

        return imported;

        async Task<ImportedTemplate> TryAsync(TemplateContent content)
        {
            try
            {
                return new ImportedTemplate(content.Name, await TakeInAsync(accountId, content, own, manner, cancellationToken), Refusal: null);
            }
            catch (RejectedException rejected)
            {
                return new ImportedTemplate(content.Name, ImportOutcome.Refused, rejected);
            }
        }
    }

    private async Task<ImportOutcome> TakeInAsync(Guid accountId, TemplateContent content, List<Known> own, Manner manner, CancellationToken cancellationToken)
    {
        TemplateRules.Enforce(TemplateRules.Check(content));
        var known = own.Find(template => string.Equals(template.Content.Name, content.Name, StringComparison.OrdinalIgnoreCase));
        if (known is not null && (!manner.Updates || known.Content == content))
        {
            return ImportOutcome.Known;
        }

        if (content.Command is { } command && own.Exists(template => template != known && template.Content.Command == command))
        {
            throw new RejectedException("template.taken", ("field", "command"));
        }

        if (known is { IsPublished: true } && !manner.MayPublish)
        {
            throw new RejectedException("template.published");
        }

        var id = known?.Id ?? Guid.Empty;
        if (!manner.IsDry)
        {
            id = known is null
                ? (await templates.AddAsync(accountId, content, manner.Publishes, cancellationToken)).Id
                : (await templates.SaveAsync(accountId, known.Id, content, seen: null, manner.MayPublish, cancellationToken)).Id;
        }

        // What comes later in the file meets it.
        own.RemoveAll(template => template == known);
        own.Add(new Known(id, content, known?.IsPublished ?? manner.Publishes));
        return known is null ? ImportOutcome.Added : ImportOutcome.Changed;
    }

    private Task<List<Known>> ReadAsync(Guid accountId, CancellationToken cancellationToken) => database.ReadAsync(
        async db => (await db.Set<Template>().Where(template => template.OwnerId == accountId).ToListAsync(cancellationToken)).ConvertAll(template => new Known(template.Id, template.Content, template.PublishedAt is not null)),
        cancellationToken);

    private sealed record Known(Guid Id, TemplateContent Content, bool IsPublished);

    private sealed record Manner(bool MayPublish, bool IsDry, bool Updates, bool Publishes);
}

/// <summary>What has become of a template of a file, or would.</summary>
/// <param name="Name">The template.</param>
/// <param name="Outcome">What has become of it.</param>
/// <param name="Refusal">Why it was not taken; null: it was.</param>
public sealed record ImportedTemplate(string Name, ImportOutcome Outcome, RejectedException? Refusal);

/// <summary>What can become of a template of a file.</summary>
public enum ImportOutcome
{
    /// <summary>It is new.</summary>
    Added,

    /// <summary>One of its name has a new version.</summary>
    Changed,

    /// <summary>It was there already.</summary>
    Known,

    /// <summary>It could not be taken.</summary>
    Refused,
}
