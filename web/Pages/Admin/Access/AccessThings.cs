using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Core.Tools;
using Calango.Web.Text;

namespace Calango.Web.Pages.Admin.Access;

/// <summary>Something of which an administrator says who may use it.</summary>
/// <param name="Kind">What kind of thing it is.</param>
/// <param name="Key">Names it among its kind.</param>
/// <param name="Name">For people.</param>
/// <param name="Whose">Of which connection or server; empty: it is of none.</param>
public sealed record AccessThing(AccessKind Kind, string Key, string Name, string Whose)
{
    /// <summary>Where it is changed.</summary>
    public string Url => $"/admin/access/{Kind}?key={Uri.EscapeDataString(Key)}";
}

/// <summary>Collects what can be limited to groups. Thread-safe.</summary>
public sealed class AccessThings(ModelCatalog models, ToolCatalog tools, PluginHost plugins, Viewer viewer, PageText text)
{
    /// <summary>All of a kind, by name.</summary>
    public async Task<IReadOnlyList<AccessThing>> ListAsync(AccessKind kind, CancellationToken cancellationToken) => [.. (kind switch
    {
        AccessKind.Model => (await models.ListAsync(cancellationToken)).Select(model => new AccessThing(kind, model.Ref.ToString(), model.Name, model.ConnectionName)),
        AccessKind.Tool => (await tools.ListAllAsync(viewer.AccountId, cancellationToken)).SelectMany(listing =>
            listing.Tools.Select(tool => new AccessThing(kind, tool.Key, tool.Title, listing.Server.Name))
                .Prepend(new AccessThing(kind, ToolKeys.OfAll(listing.Server.Id), text["access.allTools"], listing.Server.Name))),
        _ => plugins.Plugins.Select(plugin => new AccessThing(kind, plugin.Id, plugin.Manifest?.Name ?? plugin.Id, "")),
    }).OrderBy(thing => thing.Whose, StringComparer.OrdinalIgnoreCase).ThenBy(thing => thing.Name, StringComparer.OrdinalIgnoreCase).ThenBy(thing => thing.Key, StringComparer.Ordinal)];
}
