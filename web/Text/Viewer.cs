using System.Globalization;
using System.Security.Claims;
using Calango.Core.Identity;
using Calango.Core.Localization;
using Calango.Web.Hosting;
using Calango.Web.Identity;

namespace Calango.Web.Text;

/// <summary>Who looks at the page, and how they like it: account, language, and what they chose of each look.</summary>
public sealed class Viewer
{
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);
    private readonly HttpContext context;
    private readonly HostSettings settings;

    /// <summary>Reads the cookies of the request that is being answered.</summary>
    public Viewer(IHttpContextAccessor accessor, Locales locales, IServiceProvider services)
    {
        context = accessor.HttpContext ?? throw new InvalidOperationException("There is no viewer outside a request.");
        settings = services.GetRequiredService<HostSettings>();
        Language = Choice("lang", locales.Languages) ?? locales.Best(context.Request.Headers.AcceptLanguage);
    }

    /// <summary>Whose chats these are. On a laptop there is one person.</summary>
    /// <exception cref="InvalidOperationException">Nobody has signed in.</exception>
    public Guid AccountId => Claim(ClaimTypes.NameIdentifier) ?? throw new InvalidOperationException("Nobody has signed in.");

    /// <summary>The session in which they have signed in; null: on a laptop there is none.</summary>
    public Guid? SessionId => Claim(Access.Session);

    /// <summary>From when on their account is removed; null: it isn't to be.</summary>
    public DateTimeOffset? RemoveAt => context.User.FindFirstValue(Access.RemoveAt) is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null;

    /// <summary>Whether they must have a second step, and have none: they may set one up, and nothing else.</summary>
    public bool LacksSecondStep => context.User.HasClaim(claim => claim.Type == Access.LacksSecondStep);

    /// <summary>What they may do.</summary>
    public Grants Grants => Enum.GetValues<Grants>().Where(grant => context.User.IsInRole(grant.ToString())).Aggregate(Grants.None, (all, grant) => all | grant);

    /// <summary>Whether they set up the server.</summary>
    public bool IsAdmin => context.User.IsInRole(nameof(Grants.Administer));

    /// <summary>A language tag of <see cref="Locales.Languages"/>.</summary>
    public string Language { get; }

    /// <summary>One of a look's choices. Where there is nothing beside the page, the list of chats is not shown either.</summary>
    public string this[Look look] => look == Look.Sidebar && LacksSecondStep ? "closed" : Choice(look.Name, look.Choices) ?? look.Choices[0];

    /// <summary>Remembers a choice in the browser.</summary>
    public void Remember(string name, string value) => context.Response.Cookies.Append(settings.CookieName(name), value, new CookieOptions
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        IsEssential = true,
        Path = "/",
        Secure = settings.IsHttps,
        MaxAge = Year,
    });

    private Guid? Claim(string type) => Guid.TryParse(context.User.FindFirstValue(type), out var id) ? id : null;

    private string? Choice(string name, IReadOnlyList<string> known) =>
        context.Request.Cookies[settings.CookieName(name)] is { } value && known.Contains(value) ? value : null;

}
