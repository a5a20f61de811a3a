using Calango.Core.Identity;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Access;

/// <summary>Who may use which model, tool and plugin.</summary>
[ServerOnly]
public sealed class Index(AccessThings things, AccessLimits limits, Core.Identity.Groups groups) : PageModel
{
    private const int PageSize = 50;

    /// <summary>Which kind of things is shown.</summary>
    [FromQuery(Name = "kind")]
    public AccessKind Kind { get; set; }

    /// <summary>What is searched for; null: all are shown.</summary>
    [FromQuery(Name = "q")]
    public string? Query { get; set; }

    /// <summary>The last one of the page before; null: this is the first.</summary>
    [FromQuery(Name = "after")]
    public string? After { get; set; }

    /// <summary>The things.</summary>
    public IReadOnlyList<AccessThing> Things { get; private set; } = [];

    /// <summary>After which the next page begins; null: there is none.</summary>
    public string? Next { get; private set; }

    /// <summary>The limits, by key.</summary>
    public IReadOnlyDictionary<string, AccessLimit> Limits { get; private set; } = new Dictionary<string, AccessLimit>();

    /// <summary>What the groups are called.</summary>
    public IReadOnlyDictionary<Guid, string> Names { get; private set; } = new Dictionary<Guid, string>();

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var all = (await things.ListAsync(Kind, cancellationToken)).Where(IsWanted);
        var rest = After is null ? [.. all] : all.SkipWhile(thing => thing.Key != After).Skip(1).ToList();
        Things = [.. rest.Take(PageSize)];
        Next = rest.Count() > PageSize ? Things[^1].Key : null;
        Limits = await limits.ListAsync(Kind, cancellationToken);
        Names = (await groups.AllAsync(cancellationToken)).ToDictionary(group => group.Id, group => group.Name);
    }

    /// <summary>The groups that may use a thing, as far as they are still there; null: everybody may.</summary>
    public IReadOnlyList<string>? GroupsOf(AccessThing thing) =>
        Limits.TryGetValue(thing.Key, out var limit) ? [.. limit.Groups.Where(Names.ContainsKey).Select(id => Names[id]).Order(StringComparer.CurrentCulture)] : null;

    private bool IsWanted(AccessThing thing) =>
        string.IsNullOrWhiteSpace(Query)
        || thing.Name.Contains(Query.Trim(), StringComparison.OrdinalIgnoreCase)
        || thing.Whose.Contains(Query.Trim(), StringComparison.OrdinalIgnoreCase)
        || thing.Key.Contains(Query.Trim(), StringComparison.OrdinalIgnoreCase);
}
