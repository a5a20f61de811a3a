using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Jobs;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Jobs;

/// <summary>One job, and its last runs.</summary>
public sealed class Job(JobList list, RequestAudit audit) : PageModel
{
    /// <summary>The job.</summary>
    public JobStanding Shown { get; private set; } = null!;

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(string name, CancellationToken cancellationToken) =>
        Shown = (await list.ListAsync(cancellationToken)).SingleOrDefault(job => job.Name == name) ?? throw new NotFoundException();

    /// <summary>Has it run now.</summary>
    /// <param name="name">Which.</param>
    /// <param name="seen">The run that the page showed as its last; null: it showed none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<IActionResult> OnPostAsync(string name, [FromQuery] Guid? seen, CancellationToken cancellationToken)
    {
        await list.RunAsync(name, seen, cancellationToken);
        await audit.WriteAsync(AuditActs.JobAskedFor, name);
        return this.Go("/admin/jobs");
    }
}
