using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Calango.Tests.Fixtures;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Api;

public sealed partial class OpenApiTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_document_has_each_route_and_no_other()
    {
        await using var server = await ApiServer.StartAsync(DatabaseKind.Sqlite);

        var documented = Operations(await DocumentAsync(server)).Select(operation => $"{operation.Method} {operation.Path}");

        var routes = server.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(route => route.RoutePattern.RawText is { } path && (path.StartsWith("/v1", StringComparison.Ordinal) || path.StartsWith("/api", StringComparison.Ordinal)))
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Select(method => $"{method} {Constraint().Replace(route.RoutePattern.RawText!, "{$1}")}"));
        Assert.Equal(routes.Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Each_operation_says_what_it_does_who_may_and_gives_an_example()
    {
        await using var server = await ApiServer.StartAsync(DatabaseKind.Sqlite);

        foreach (var (method, path, operation) in Operations(await DocumentAsync(server)))
        {
            var name = $"{method} {path}";
            Assert.True(operation.TryGetProperty("summary", out var summary) && summary.GetString()!.Length > 5, name);
            Assert.True(operation.GetProperty("security")[0].TryGetProperty("token", out _), name);
            Assert.False(operation.TryGetProperty("requestBody", out var asked) && asked.GetProperty("content").TryGetProperty("application/json", out _) && !HasExample(asked), $"{name} asks with no example");
            var answer = operation.GetProperty("responses").EnumerateObject().First(response => response.Name.StartsWith('2'));
            Assert.True(answer.Name == "204" || HasExample(answer.Value), $"{name} answers with no example");
        }
    }

    [Fact]
    public async Task Who_has_not_signed_in_is_told_nothing_of_it()
    {
        Assert.SkipWhen(PostgresServer.WhyNot is not null, PostgresServer.WhyNot ?? "");
        await using var server = await ApiServer.StartAsync(DatabaseKind.Postgres);
        using var stranger = server.App.VisitAsStranger();

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.Http.GetAsync("/docs/openapi.json", Cancelled)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.Http.GetAsync("/docs/index.html", Cancelled)).StatusCode);
    }

    private static async Task<JsonElement> DocumentAsync(ApiServer server) => JsonElement.Parse(await server.Owner.Http.GetStringAsync("/docs/openapi.json", Cancelled));

    private static IEnumerable<(string Method, string Path, JsonElement Operation)> Operations(JsonElement document) =>
        from path in document.GetProperty("paths").EnumerateObject()
        from operation in path.Value.EnumerateObject()
        select (operation.Name.ToUpperInvariant(), path.Name, operation.Value);

    private static bool HasExample(JsonElement body) => body.GetProperty("content").GetProperty("application/json").TryGetProperty("example", out _);

    [GeneratedRegex(@"\{\**([a-z]+)(:[a-z]+)?\}")]
    private static partial Regex Constraint();
}
