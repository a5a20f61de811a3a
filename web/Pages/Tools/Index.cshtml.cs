using Calango.Core.Tools;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Tools;

/// <summary>What a person has said of each tool: it runs, they are asked, or it is never offered.</summary>
public sealed class Index(Viewer viewer, ToolCatalog catalog, ToolRules stored) : PageModel
{
    private IReadOnlyDictionary<string, ToolPermission> said = new Dictionary<string, ToolPermission>();

    /// <summary>The tools of each server.</summary>
    public IReadOnlyList<ToolListing> Listed { get; private set; } = [];

    /// <summary>What counts for a tool.</summary>
    public ToolPermission RuleOf(CatalogTool tool) => said.TryGetValue(tool.Key, out var rule) ? rule : ToolRule.DefaultOf(tool.Info.Effect);

    /// <summary>Shows them.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <summary>Changes them.</summary>
    public async Task<IActionResult> OnPostAsync(Dictionary<string, ToolPermission> rules, CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        foreach (var tool in Listed.SelectMany(listing => listing.Tools))
        {
            if (rules.TryGetValue(tool.Key, out var wanted) && Enum.IsDefined(wanted) && wanted != RuleOf(tool))
            {
                await stored.SetAsync(viewer.AccountId, tool.Key, wanted, cancellationToken);
            }
        }

        return Request.IsHtmx() ? StatusCode(StatusCodes.Status204NoContent) : Redirect("/tools");
    }

    private async Task ReadAsync(CancellationToken cancellationToken) =>
        (Listed, said) = (await catalog.ListAsync(viewer.AccountId, cancellationToken), await stored.OfAsync(viewer.AccountId, cancellationToken));
}
