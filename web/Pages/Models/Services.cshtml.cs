using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models;

/// <summary>The model services that run on this machine, or that its environment names.</summary>
public sealed class Services(ModelDiscovery discovery, Core.Models.Connections connections, FirstModel firstModel) : PageModel
{
    private HashSet<string> addresses = [];

    /// <summary>What was found.</summary>
    public IReadOnlyList<DiscoveredService> Found { get; private set; } = [];

    /// <summary>Whether there is a connection to it.</summary>
    public bool IsConnected(DiscoveredService service) => addresses.Contains(service.Address.AbsoluteUri);

    /// <summary>Looks for them.</summary>
    public async Task<IActionResult> OnGetAsync(CancellationToken cancellationToken)
    {
        Found = await discovery.FindAsync(cancellationToken);
        addresses = [.. (await connections.ListAsync(cancellationToken)).SelectMany(connection => connection.Settings.Values)];
        return Request.IsHtmx() ? Partial("_Services", this) : Page();
    }

    /// <summary>Connects one that is found again at this address.</summary>
    public async Task<IActionResult> OnPostAsync([FromQuery] string? address, CancellationToken cancellationToken)
    {
        var found = await discovery.FindAsync(cancellationToken);
        var service = found.FirstOrDefault(service => service.Address.AbsoluteUri == address) ?? throw new RejectedException("service.gone");
        var connection = await connections.AddAsync(discovery.InputFor(service), cancellationToken);
        return this.Go(await firstModel.ChooseAsync(connection.Id, isOneClick: true, cancellationToken));
    }
}
