using Calango.Core.Audit;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Core.Quotas;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Quotas;

/// <summary>All quotas.</summary>
[ServerOnly]
public sealed class Index(QuotaRules quotas, Core.Identity.Groups groups, ModelCatalog catalog, RequestAudit audit) : PageModel
{
    private const int PageSize = 50;

    /// <summary>What is searched for; null: all are shown.</summary>
    [FromQuery(Name = "q")]
    public string? Query { get; set; }

    /// <summary>The last one of the page before; null: this is the first.</summary>
    [FromQuery(Name = "after")]
    public Guid? After { get; set; }

    /// <summary>What was entered for a new one.</summary>
    [BindProperty]
    public QuotaFields Fields { get; set; } = new();

    /// <summary>The quotas.</summary>
    public IReadOnlyList<NamedQuota> Quotas { get; private set; } = [];

    /// <summary>After which the next page begins; null: there is none.</summary>
    public Guid? Next { get; private set; }

    /// <summary>The groups to choose from.</summary>
    public IReadOnlyList<Group> Groups { get; private set; } = [];

    /// <summary>The models to choose from.</summary>
    public IReadOnlyList<CatalogModel> Models { get; private set; } = [];

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; private set; } = new Dictionary<string, string>();

    /// <summary>Shows them.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <summary>Adds one.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        await ReadAsync(cancellationToken);
        var subject = Fields.Scope == QuotaScope.Person && Fields.HasEmail ? await groups.AccountOfAsync(Fields.Email!.Trim(), cancellationToken)
            : Fields.Scope == QuotaScope.Group ? Groups.FirstOrDefault(group => group.Id == Fields.GroupId)?.Id
            : null;
        Errors = new QuotaFieldRules(subject, Models).Validate(Fields).ByField();
        if (Errors.Count > 0)
        {
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        var model = ModelRef.TryParse(Fields.Model, out var chosen) ? chosen : (ModelRef?)null;
        var id = await quotas.AddAsync(new QuotaInput(Fields.Scope, subject, model, Fields.Unit, Fields.Period, QuotaFields.Amount(Fields.Limit, Fields.Unit)!.Value), cancellationToken);
        await audit.WriteAsync(AuditActs.QuotaMade, id.ToString());
        return LocalRedirect($"/admin/quotas/{id}");
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var found = await quotas.ListAsync(Query, After, PageSize + 1, cancellationToken);
        Quotas = [.. found.Take(PageSize)];
        Next = found.Count > PageSize ? Quotas[^1].Rule.Id : null;
        Groups = await groups.AllAsync(cancellationToken);
        Models = await catalog.ListAsync(cancellationToken);
    }
}
