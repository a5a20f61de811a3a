using Calango.Web.Hosting;

namespace Calango.Web.Identity;

/// <summary>Links to this server as others can follow them.</summary>
internal static class SiteLinks
{
    /// <summary>The address of a path: where the operator says that people reach the server, else where this request did.</summary>
    public static string LinkTo(this HttpContext context, string path) => $"{context.Site()}{path}";

    /// <summary>Where people reach the server.</summary>
    public static string Site(this HttpContext context) => context.RequestServices.GetRequiredService<HostSettings>().PublicUrl is { } url
        ? url.GetLeftPart(UriPartial.Authority)
        : $"{context.Request.Scheme}://{context.Request.Host}";
}
