namespace Calango.Web.Text;

/// <summary>A way in which pages may look or behave, kept in the browser.</summary>
/// <param name="Name">Its cookie, its field, and its attribute of the page: <c>data-{name}</c>.</param>
/// <param name="Choices">The values, the default first.</param>
public sealed record Look(string Name, params IReadOnlyList<string> Choices)
{
    /// <summary>Colours.</summary>
    public static readonly Look Theme = new("theme", "system", "light", "dark");

    /// <summary>How strongly text stands out.</summary>
    public static readonly Look Contrast = new("contrast", "system", "high");

    /// <summary>How large text is.</summary>
    public static readonly Look TextSize = new("size", "normal", "small", "large", "larger");

    /// <summary>How wide messages are.</summary>
    public static readonly Look Width = new("width", "normal", "wide", "full");

    /// <summary>How an answer appears.</summary>
    public static readonly Look Flow = new("flow", "smooth", "word", "sentence");

    /// <summary>Whether the end of an answer is told while another window or tab is looked at.</summary>
    public static readonly Look Notices = new("notices", "off", "on");

    /// <summary>Whether the chats that were last open are kept on the device, for when no network is.</summary>
    public static readonly Look Offline = new("offline", "off", "on");

    /// <summary>Whether the list of chats is shown.</summary>
    public static readonly Look Sidebar = new("sidebar", "open", "closed");

    /// <summary>Those that a person chooses among the preferences.</summary>
    public static readonly IReadOnlyList<Look> Preferences = [Theme, Contrast, TextSize, Width, Flow, Notices, Offline];

    /// <summary>All.</summary>
    public static readonly IReadOnlyList<Look> All = [.. Preferences, Sidebar];
}
