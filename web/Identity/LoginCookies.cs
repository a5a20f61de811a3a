using Calango.Core.Identity;
using Calango.Web.Hosting;

namespace Calango.Web.Identity;

/// <summary>
/// Logins that this browser began. Lax, since the provider sends it back from another site; out of reach of scripts; and one for
/// each, so that two tabs do not end each other's.
/// </summary>
internal static class LoginCookies
{
    // Each is sent with each request: whoever begins again and again would be locked out by the size of their own headers.
    private const int Most = 4;

    public static void Keep(HttpContext context, HostSettings settings, BegunLogin begun)
    {
        var prefix = NameOf(settings, "");
        foreach (var older in context.Request.Cookies.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Skip(Most - 1))
        {
            context.Response.Cookies.Delete(older, OptionsOf(settings));
        }

        context.Response.Cookies.Append(prefix + begun.Name, begun.Kept, OptionsOf(settings));
    }

    /// <summary>What was kept of the login that came back; it is good once.</summary>
    public static string? Take(HttpContext context, HostSettings settings)
    {
        if (Logins.NameOf(context.Request.Query["state"]) is not { } name || !context.Request.Cookies.TryGetValue(NameOf(settings, name), out var kept))
        {
            return null;
        }

        context.Response.Cookies.Delete(NameOf(settings, name), OptionsOf(settings));
        return kept;
    }

    private static string NameOf(HostSettings settings, string name) => $"{settings.CookieName("login")}.{name}";

    private static CookieOptions OptionsOf(HostSettings settings) => new()
    {
        HttpOnly = true,
        Secure = settings.IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = Logins.Lifetime,
        IsEssential = true,
    };
}
