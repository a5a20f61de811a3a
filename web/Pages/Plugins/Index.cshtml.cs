using Calango.Core.Events;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Core.Tools;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Plugins;

/// <summary>The plugins that an administrator sets up for the whole server: where events go.</summary>
public sealed class Index(EventSinks sinks, Core.Tools.ToolServers toolServers) : PageModel
{
    /// <summary>The sinks that are installed.</summary>
    public IReadOnlyList<SinkCard> Sinks { get; private set; } = [];

    /// <summary>The servers of tools.</summary>
    public IReadOnlyList<ToolServer> ToolServers { get; private set; } = [];

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        var cards = new List<SinkCard>();
        foreach (var sink in sinks.Installed)
        {
            cards.Add(new SinkCard(sink, await sinks.SettingsOfAsync(sink.PluginId, cancellationToken), sinks.TroubleOf(sink.PluginId)));
        }

        (Sinks, ToolServers) = (cards, await toolServers.ListAsync(cancellationToken));
    }
}

/// <summary>A sink and how it stands.</summary>
/// <param name="Sink">The sink.</param>
/// <param name="Settings">What was said of it; null: nothing yet.</param>
/// <param name="Trouble">Why nothing could be delivered to it last; null: it could.</param>
public sealed record SinkCard(SinkInfo Sink, PluginSettings? Settings, Failure? Trouble)
{
    /// <summary>Events go there.</summary>
    public bool IsOn => Settings is { IsOn: true };

    /// <summary>The key of the word for how it stands.</summary>
    public string StateKey => Settings switch
    {
        { IsOn: true, SeesText: true } => "sinks.onWithText",
        { IsOn: true } => "sinks.on",
        _ => "sinks.off",
    };
}
