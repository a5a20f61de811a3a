using System.Text.RegularExpressions;
using Calango.Tests.Fixtures;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Security;

/// <summary>A route of the server, with an address of it that leads to nothing in particular.</summary>
/// <param name="Pattern">As it is declared.</param>
/// <param name="Path">An address.</param>
/// <param name="Methods">How it may be asked for; a page may be asked in any way.</param>
/// <param name="IsPage">Whether it is a page.</param>
/// <param name="IsForAdmins">Whether it is for those who run the server.</param>
internal sealed partial record ServerRoute(string Pattern, string Path, IReadOnlyList<string> Methods, bool IsPage, bool IsForAdmins)
{
    private static readonly string[] PageMethods = ["GET", "POST", "PUT", "PATCH", "DELETE"];

    /// <summary>All that a server answers but files, from its own table: what is added tomorrow is among them.</summary>
    public static IReadOnlyList<ServerRoute> Of(TestApp app) =>
    [
        .. app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .Select(Of).DistinctBy(route => (route.Path, string.Join(',', route.Methods))),
    ];

    public bool IsApi => Path.StartsWith("/v1/", StringComparison.Ordinal) || Path.StartsWith("/api/", StringComparison.Ordinal);

    private static ServerRoute Of(RouteEndpoint route)
    {
        var pattern = $"/{route.RoutePattern.RawText!.TrimStart('/')}";
        return new ServerRoute(
            pattern,
            Parameter().Replace(pattern, parameter => parameter.Value.Contains("guid", StringComparison.Ordinal) ? "01900000-0000-7000-8000-00000000abcd" : "x"),
            route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? PageMethods,
            route.Metadata.GetMetadata<PageActionDescriptor>() is not null,
            route.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy == "Admin"));
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
