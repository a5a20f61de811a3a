using Calango.Core.Models;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models;

/// <summary>What goes on at each connection, asked again and again while somebody looks at the connections. Touches no service and no table.</summary>
public sealed class Traffic(ModelCatalog catalog, TimeProvider clock) : PageModel
{
    /// <summary>What changed; nothing where that is what the page has <paramref name="seen"/>.</summary>
    public async Task<IActionResult> OnGetAsync(string? seen, CancellationToken cancellationToken)
    {
        if (!Request.IsHtmx())
        {
            return Redirect("/models");
        }

        var view = new TrafficView(await catalog.TrafficAsync(cancellationToken), clock.GetUtcNow());
        return view.Seen == seen ? StatusCode(StatusCodes.Status204NoContent) : Partial("_Traffic", view);
    }
}

/// <summary>What goes on at all connections.</summary>
/// <param name="Connections">Each.</param>
/// <param name="Now">When that was.</param>
public sealed record TrafficView(IReadOnlyList<ConnectionTraffic> Connections, DateTimeOffset Now)
{
    /// <summary>Each connection's line.</summary>
    public IEnumerable<TrafficLine> Lines => Connections.Select(connection => new TrafficLine(connection, Now));

    /// <summary>The line of one; null: it is gone.</summary>
    public TrafficLine? LineOf(Guid connectionId) => Lines.FirstOrDefault(line => line.Traffic.ConnectionId == connectionId);

    /// <summary>What a page that shows this has seen; another text: it shows something else.</summary>
    public string Seen => string.Join('_', Lines.Select(line => line.Seen));
}

/// <summary>What goes on at a connection.</summary>
/// <param name="Traffic">What.</param>
/// <param name="Now">When that was.</param>
public sealed record TrafficLine(ConnectionTraffic Traffic, DateTimeOffset Now)
{
    /// <summary>Its service isn't asked now.</summary>
    public bool Rests => Traffic.RestsUntil > Now;

    /// <summary>It has rested, and nobody has asked it since.</summary>
    public bool IsRested => Traffic.RestsUntil <= Now;

    /// <summary>Every place is taken.</summary>
    public bool IsFull => Traffic.Calls >= Traffic.Limit;

    internal string Seen => $"{Traffic.Calls}-{Traffic.Waiting}-{Traffic.Limit}-{(Rests ? Traffic.RestsUntil!.Value.ToUnixTimeSeconds() : IsRested ? 1 : 0)}";
}
