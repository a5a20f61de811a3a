using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Calango.Web.Text;
using FluentValidation;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Groups;

/// <summary>All groups.</summary>
[ServerOnly]
public sealed class Index(Core.Identity.Groups groups, PageText text, RequestAudit audit) : PageModel
{
    private const int PageSize = 50;

    /// <summary>What is searched for; null: all are shown.</summary>
    [FromQuery(Name = "q")]
    public string? Query { get; set; }

    /// <summary>The last one of the page before; null: this is the first.</summary>
    [FromQuery(Name = "after")]
    public Guid? After { get; set; }

    /// <summary>The name that was entered for a new one.</summary>
    [BindProperty]
    public GroupFields Fields { get; set; } = new(null);

    /// <summary>The groups.</summary>
    public IReadOnlyList<GroupSize> Groups { get; private set; } = [];

    /// <summary>After which the next page begins; null: there is none.</summary>
    public Guid? Next { get; private set; }

    /// <summary>What is wrong with the name; null: nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>Why none was made; null: one was, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Shows them.</summary>
    public Task OnGetAsync(CancellationToken cancellationToken) => ReadAsync(cancellationToken);

    /// <summary>Makes one.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Error = new GroupRules().Validate(Fields).ByField().GetValueOrDefault(nameof(GroupFields.Name));
        if (Error is null)
        {
            try
            {
                var id = await groups.AddAsync(Fields.Name!.Trim(), cancellationToken);
                await audit.WriteAsync(AuditActs.GroupMade, Fields.Name.Trim());
                return LocalRedirect($"/admin/groups/{id}");
            }
            catch (RejectedException rejected)
            {
                Refusal = text.Error(Fault.Of(rejected));
            }
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        await ReadAsync(cancellationToken);
        return Page();
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var found = await groups.ListAsync(Query, After, PageSize + 1, cancellationToken);
        Groups = [.. found.Take(PageSize)];
        Next = found.Count > PageSize ? Groups[^1].Group.Id : null;
    }
}

/// <summary>What a browser sends of the form of a group.</summary>
public sealed record GroupFields(string? Name);

internal sealed class GroupRules : AbstractValidator<GroupFields>
{
    public GroupRules()
    {
        RuleLevelCascadeMode = CascadeMode.Stop;
        RuleFor(fields => fields.Name).IsName();
    }
}
