using Calango.Web.Hosting;

namespace Calango.Web.Identity;

/// <summary>Links to this server as others can follow them.</summary>
internal static class SiteLinks
{
    /// <summary>The address of a path: where the operator says that people reach the server, else where this request did.</summary>
    public static string LinkTo(this HttpContext context, string path) => $"{context.Site()}{path}";

    /// <summary>What everybody knows of this server and of somebody: no password is to be made of its words.</summary>
    public static IEnumerable<string?> KnownTexts(this HttpContext context, string? name, string? email) => ["Calango", new Uri(context.Site()).Host, name, email?.Split('@')[0]];

    /// <summary>Where people reach the server.</summary>
    public static string Site(this HttpContext context) => context.RequestServices.GetRequiredService<HostSettings>().PublicUrl is { } url
        ? url.GetLeftPart(UriPartial.Authority)
        : $"{context.Request.Scheme}://{context.Request.Host}";
}
