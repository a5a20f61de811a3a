using Calango.Core.Identity;
using Calango.Core.Sharing;
using Calango.Web.Hosting;

namespace Calango.Web.Identity;

/// <summary>What a browser keeps, closed, between two steps. It opens no page but that of the second.</summary>
internal sealed class BriefCookie
{
    /// <summary>Between a right password and a code.</summary>
    public static readonly BriefCookie SecondStep = new("second-step", SecondStepSignIn.Lifetime);

    /// <summary>Between the question for a passkey and its answer.</summary>
    public static readonly BriefCookie Passkey = new("passkey", PasskeySignIn.Lifetime);

    /// <summary>Between a right password of a link and what is behind it.</summary>
    public static readonly BriefCookie Share = new("share", SharedChats.PassLifetime);

    private readonly string _name;
    private readonly TimeSpan _lifetime;

    private BriefCookie(string name, TimeSpan lifetime) => (_name, _lifetime) = (name, lifetime);

    public string? Read(HttpContext context) => context.Request.Cookies[NameFor(context)];

    public void Keep(HttpContext context, string begun) => context.Response.Cookies.Append(NameFor(context), begun, OptionsFor(context));

    public void Forget(HttpContext context) => context.Response.Cookies.Delete(NameFor(context), OptionsFor(context));

    private string NameFor(HttpContext context) => Settings(context).CookieName(_name);

    private CookieOptions OptionsFor(HttpContext context) => new()
    {
        HttpOnly = true,
        Secure = Settings(context).IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = _lifetime,
        IsEssential = true,
    };

    private static HostSettings Settings(HttpContext context) => context.RequestServices.GetRequiredService<HostSettings>();
}
