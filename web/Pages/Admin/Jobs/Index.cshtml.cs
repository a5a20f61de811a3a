using Calango.Core.Jobs;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Jobs;

/// <summary>What the server does by itself.</summary>
public sealed class Index(JobList list) : PageModel
{
    /// <summary>The jobs.</summary>
    public IReadOnlyList<JobStanding> Jobs { get; private set; } = [];

    /// <summary>Whether one runs, or is about to.</summary>
    public bool IsAtWork => Jobs.Any(job => job.IsAtWork);

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Jobs = await list.ListAsync(cancellationToken);
}
