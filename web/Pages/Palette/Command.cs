using Calango.Web.Text;

namespace Calango.Web.Pages.Palette;

/// <summary>A place that the palette leads to.</summary>
/// <param name="Name">The key of its name.</param>
/// <param name="Url">Where it is.</param>
/// <param name="Icon">What stands beside it.</param>
/// <param name="Audience">Who finds something there.</param>
public sealed record Command(string Name, string Url, string Icon, Audience Audience = Audience.Everybody)
{
    private static readonly Command[] All =
    [
        new("chat.new", "/", "plus"),
        new("sidebar.title", "/conversations", "menu"),
        new("trash.title", "/conversations/trash", "bin"),
        new("tags.title", "/tags", "check"),
        new("search.title", "/search", "search"),
        new("knowledge.title", "/knowledge", "book"),
        new("templates.title", "/templates", "template"),
        new("templates.new", "/templates/new", "plus"),
        new("sidebar.models", "/models", "cube"),
        new("preferences.title", "/preferences", "gear"),
        new("personal.title", "/personal", "remember"),
        new("tools.title", "/tools", "plug"),
        new("avatar.title", "/avatar", "person"),
        new("exchange.title", "/exchange", "swap"),
        new("sharing.links", "/shares", "share"),
        new("data.title", "/data", "down"),
        new("shortcuts.title", "/shortcuts", "help"),
        new("account.title", "/account", "person", Audience.People),
        new("tokens.title", "/account/tokens", "key", Audience.Programmers),
        new("webhooks.title", "/account/webhooks", "send", Audience.Programmers),
        new("plugins.title", "/admin/plugins", "plug", Audience.Administrators),
        new("storage.title", "/admin/storage", "cube", Audience.Administrators),
        new("vectorIndex.title", "/admin/index", "search", Audience.Administrators),
        new("jobs.title", "/admin/jobs", "again", Audience.Administrators),
        new("ratings.title", "/admin/ratings", "good", Audience.Administrators),
        new("serverSettings.title", "/server/settings", "gear", Audience.Administrators),
        new("people.title", "/admin/people", "people", Audience.AdministratorsOfPeople),
        new("groups.title", "/admin/groups", "people", Audience.AdministratorsOfPeople),
        new("roles.title", "/admin/roles", "check", Audience.AdministratorsOfPeople),
        new("access.title", "/admin/access", "cube", Audience.AdministratorsOfPeople),
        new("quotas.title", "/admin/quotas", "sliders", Audience.AdministratorsOfPeople),
        new("providers.title", "/admin/providers", "person", Audience.AdministratorsOfPeople),
        new("people.audit", "/admin/audit", "trace", Audience.AdministratorsOfPeople),
    ];

    /// <summary>Those that a viewer finds something behind.</summary>
    public static IEnumerable<Command> For(Viewer viewer) => All.Where(command => command.Audience switch
    {
        Audience.Everybody => true,
        Audience.People => viewer.SessionId is not null,
        Audience.Programmers => viewer.Grants.HasFlag(Core.Identity.Grants.Programs),
        Audience.Administrators => viewer.IsAdmin,
        _ => viewer.IsAdmin && viewer.SessionId is not null,
    });
}

/// <summary>Who finds something in a place.</summary>
public enum Audience
{
    /// <summary>Everybody.</summary>
    Everybody,

    /// <summary>Whoever has signed in.</summary>
    People,

    /// <summary>Whoever may let programs in.</summary>
    Programmers,

    /// <summary>Whoever runs the server.</summary>
    Administrators,

    /// <summary>Whoever runs a server that others sign in to.</summary>
    AdministratorsOfPeople,
}
