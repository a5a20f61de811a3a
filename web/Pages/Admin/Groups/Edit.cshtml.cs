using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Groups;

/// <summary>One group, and who is in it.</summary>
[ServerOnly]
public sealed class Edit(Core.Identity.Groups groups, PageText text, RequestAudit audit) : PageModel
{
    private const int PageSize = 50;

    /// <summary>What is searched for; null: all are shown.</summary>
    [FromQuery(Name = "q")]
    public string? Query { get; set; }

    /// <summary>The last one of the page before; null: this is the first.</summary>
    [FromQuery(Name = "after")]
    public Guid? After { get; set; }

    /// <summary>The group.</summary>
    public Group Shown { get; private set; } = null!;

    /// <summary>What its name was changed to, or is.</summary>
    public string? Name { get; private set; }

    /// <summary>The people in it.</summary>
    public IReadOnlyList<GroupMember> Members { get; private set; } = [];

    /// <summary>After whom the next page begins; null: there is none.</summary>
    public Guid? Next { get; private set; }

    /// <summary>What is wrong with the name; null: nothing.</summary>
    public string? Error { get; private set; }

    /// <summary>The address that was entered, and that nobody has; null: none was.</summary>
    public string? Unknown { get; private set; }

    /// <summary>Why it was not renamed; null: it was, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Shows it.</summary>
    public Task OnGetAsync(Guid id, CancellationToken cancellationToken) => ReadAsync(id, cancellationToken);

    /// <summary>Gives it another name.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, GroupFields fields, CancellationToken cancellationToken)
    {
        await ReadAsync(id, cancellationToken);
        (Name, Error) = (fields.Name, new GroupRules().Validate(fields).ByField().GetValueOrDefault(nameof(GroupFields.Name)));
        if (Error is null)
        {
            try
            {
                await groups.RenameAsync(id, fields.Name!.Trim(), cancellationToken);
                await audit.WriteAsync(AuditActs.GroupRenamed, $"{id} {fields.Name.Trim()}");
                return this.Go($"/admin/groups/{id}");
            }
            catch (RejectedException rejected)
            {
                Refusal = text.Error(Fault.Of(rejected));
            }
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    /// <summary>Puts somebody in by their address.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, string? email, CancellationToken cancellationToken)
    {
        await ReadAsync(id, cancellationToken);
        if (string.IsNullOrWhiteSpace(email) || email.Length > Credentials.MaxEmailLength || await groups.AccountOfAsync(email.Trim(), cancellationToken) is not { } accountId)
        {
            Unknown = email ?? "";
            Response.StatusCode = StatusCodes.Status400BadRequest;
            return Page();
        }

        await groups.PutInAsync(id, accountId, cancellationToken);
        await audit.WriteAsync(AuditActs.PutIntoGroup, $"{id} {accountId}");
        return this.Go($"/admin/groups/{id}");
    }

    /// <summary>Removes it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        var group = await groups.FindAsync(id, cancellationToken);
        await groups.RemoveAsync(id, cancellationToken);
        await audit.WriteAsync(AuditActs.GroupRemoved, group.Name);
        return this.Go("/admin/groups");
    }

    private async Task ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        Shown = await groups.FindAsync(id, cancellationToken);
        Name = Shown.Name;
        var found = await groups.MembersAsync(id, Query, After, PageSize + 1, cancellationToken);
        Members = [.. found.Take(PageSize)];
        Next = found.Count > PageSize ? Members[^1].AccountId : null;
    }
}
