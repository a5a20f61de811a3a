using Calango.Core.Audit;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Audit;

/// <summary>What was done that bears on security, and whether it is still as it was written.</summary>
[ServerOnly]
public sealed class Index(Core.Identity.People people, PageText text, IServiceProvider services) : PageModel
{
    private const int PageSize = 100;
    private IReadOnlyDictionary<Guid, string> names = new Dictionary<Guid, string>();

    /// <summary>Only such acts; null: any.</summary>
    [FromQuery(Name = "act")]
    public string? Act { get; set; }

    /// <summary>The last of the page before; null: this is the first.</summary>
    [FromQuery(Name = "before")]
    public long? Before { get; set; }

    /// <summary>The entries, the newest first.</summary>
    public IReadOnlyList<AuditEntry> Entries { get; private set; } = [];

    /// <summary>Before which the next page begins; null: there is none.</summary>
    public long? Next { get; private set; }

    /// <summary>What a check has found; null: there was none.</summary>
    public AuditCheck? Check { get; private set; }

    // A laptop's server has none.
    private AuditLog Log => services.GetRequiredService<AuditLog>();

    /// <summary>Who did it.</summary>
    public string WhoOf(AuditEntry entry) => entry.AccountId is { } id ? names.GetValueOrDefault(id) ?? text["audit.who.gone"] : text["audit.who.nobody"];

    /// <summary>To whom or what.</summary>
    public string SubjectOf(AuditEntry entry) => Guid.TryParse(entry.Subject, out var id) && names.TryGetValue(id, out var name) ? name : entry.Subject;

    /// <summary>Shows it.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <summary>Checks all of it.</summary>
    public async Task OnPostAsync(CancellationToken cancellationToken)
    {
        Check = await Log.CheckAsync(cancellationToken);
        await ReadAsync(cancellationToken);
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        Act = AuditActs.All.Contains(Act) ? Act : null;
        var found = await Log.ListAsync(Act, Before, PageSize + 1, cancellationToken);
        Entries = [.. found.Take(PageSize)];
        Next = found.Count > PageSize ? Entries[^1].Sequence : null;
        names = await people.NamesAsync([.. Entries.SelectMany(Mentioned).Distinct()], cancellationToken);
    }

    private static IEnumerable<Guid> Mentioned(AuditEntry entry)
    {
        if (entry.AccountId is { } who)
        {
            yield return who;
        }

        if (Guid.TryParse(entry.Subject, out var whom))
        {
            yield return whom;
        }
    }
}
