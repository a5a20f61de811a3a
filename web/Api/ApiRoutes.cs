using Calango.Core.Identity;
using Calango.Web.Api.OpenAi;
using Calango.Web.Identity;

namespace Calango.Web.Api;

/// <summary>What programs ask for: <c>/v1</c> as OpenAI's clients do, <c>/api</c> in Calango's own words. Only tokens open it.</summary>
internal static class ApiRoutes
{
    private const string OpenAiPath = "/v1";
    private const string OwnPath = "/api";

    /// <summary>Whether a path is one of the API's.</summary>
    public static bool Has(PathString path) => IsOpenAi(path) || path.StartsWithSegments(OwnPath, StringComparison.Ordinal);

    /// <summary>Whether a path is one that is answered as OpenAI answers.</summary>
    public static bool IsOpenAi(PathString path) => path.StartsWithSegments(OpenAiPath, StringComparison.Ordinal);

    public static IServiceCollection AddApi(this IServiceCollection services) => services.AddSingleton<ModelNames>().AddSingleton<ChatCompletions>();

    public static void MapApi(this WebApplication app)
    {
        var openAi = app.MapGroup(OpenAiPath).RequireAuthorization(Access.For(TokenScopes.Models));
        openAi.MapGet("/models", ModelsEndpoint.ListAsync);
        openAi.MapGet("/models/{**id}", ModelsEndpoint.FindAsync);
        openAi.MapPost("/embeddings", EmbeddingsEndpoint.AnswerAsync);
        openAi.MapPost("/chat/completions", app.Services.GetRequiredService<ChatCompletions>().AnswerAsync);
    }
}
