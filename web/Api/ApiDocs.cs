using System.Text.Json.Nodes;
using Calango.Web.Hosting;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Calango.Web.Api;

/// <summary>What tells programmers of the API: an OpenAPI document made of the routes themselves, and a page that shows it and tries it out.</summary>
internal static class ApiDocs
{
    private const string Document = "/docs/openapi.json";
    private const string Page = "docs";
    private const string TokenScheme = "token";
    private const string Json = "application/json";

    // The page is a document of its own. What it draws has styles in attributes.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'";

    public static IServiceCollection AddApiDocs(this IServiceCollection services) => services.AddOpenApi(openApi =>
    {
        openApi.ShouldInclude = description => ApiRoutes.Has($"/{description.RelativePath}");
        openApi.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        openApi.AddOperationTransformer((operation, context, _) =>
        {
            Describe(operation, context);
            return Task.CompletedTask;
        });
    });

    /// <summary>After those who ask have been let in.</summary>
    public static void UseApiDocs(this WebApplication app)
    {
        app.UseWhen(context => context.Request.Path.StartsWithSegments($"/{Page}", StringComparison.Ordinal), page => page.Use((context, next) =>
        {
            context.Response.Headers.ContentSecurityPolicy = Policy;
            return next(context);
        }));
        app.MapOpenApi(Document);
        app.UseSwaggerUI(page =>
        {
            page.RoutePrefix = Page;
            page.DocumentTitle = "Calango API";
            page.SwaggerEndpoint(Document, "Calango");
            // A token is not left behind in the browser's storage.
            page.ConfigObject.PersistAuthorization = false;
        });
    }

    private static void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Calango",
            Version = typeof(CalangoHost).Assembly.GetName().Version!.ToString(3),
            Description = "Programs use Calango as the person whose access token they have. /v1 speaks OpenAI's protocol, /api is Calango's own.",
        };
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            [TokenScheme] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "An access token, from Preferences, Access tokens." },
        };
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenScheme, context.Document)] = [] }];
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ApiExample>().FirstOrDefault() is not { } example)
        {
            return;
        }

        Show(operation.RequestBody?.Content, example.Request);
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (status.StartsWith('2'))
            {
                Show(response.Content, example.Response);
            }
        }
    }

    private static void Show(IDictionary<string, OpenApiMediaType>? content, string? example)
    {
        if (example is not null && content?.TryGetValue(Json, out var body) == true)
        {
            body.Example = JsonNode.Parse(example);
        }
    }
}
