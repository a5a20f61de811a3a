using Calango.Core.Identity;
using Calango.Web.Hosting;

namespace Calango.Web.Identity;

/// <summary>What a browser keeps between a right password and the second step. It opens no page but that of the code.</summary>
internal static class SecondStepCookie
{
    public static string? Read(HttpContext context) => context.Request.Cookies[NameFor(context)];

    public static void Keep(HttpContext context, string begun) => context.Response.Cookies.Append(NameFor(context), begun, OptionsFor(context));

    public static void Forget(HttpContext context) => context.Response.Cookies.Delete(NameFor(context), OptionsFor(context));

    private static string NameFor(HttpContext context) => Settings(context).CookieName("second-step");

    private static CookieOptions OptionsFor(HttpContext context) => new()
    {
        HttpOnly = true,
        Secure = Settings(context).IsHttps,
        SameSite = SameSiteMode.Lax,
        Path = "/",
        MaxAge = SecondStepSignIn.Lifetime,
        IsEssential = true,
    };

    private static HostSettings Settings(HttpContext context) => context.RequestServices.GetRequiredService<HostSettings>();
}
