using Calango.Core.Identity;
using Calango.Web.Api.Chats;
using Calango.Web.Api.Exchange;
using Calango.Web.Api.Knowledge;
using Calango.Web.Api.OpenAi;
using Calango.Web.Api.Sharing;
using Calango.Web.Api.Templates;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Microsoft.Net.Http.Headers;

namespace Calango.Web.Api;

/// <summary>What programs ask for: <c>/v1</c> as OpenAI's clients do, <c>/api</c> in Calango's own words. Only tokens open it.</summary>
internal static class ApiRoutes
{
    private const string OpenAiPath = "/v1";
    private const string OwnPath = "/api";
    private const string Origins = "ApiOrigins";

    /// <summary>Whether a path is one of the API's.</summary>
    public static bool Has(PathString path) => IsOpenAi(path) || path.StartsWithSegments(OwnPath, StringComparison.Ordinal);

    /// <summary>Whether a path is one that is answered as OpenAI answers.</summary>
    public static bool IsOpenAi(PathString path) => path.StartsWithSegments(OpenAiPath, StringComparison.Ordinal);

    public static IServiceCollection AddApi(this IServiceCollection services) => services.AddScoped<ModelNames>().AddApiDocs();

    /// <summary>Lets browsers hand answers of the API to pages of the origins that the operator names. Cookies never come along (Fetch, 3.2).</summary>
    public static IServiceCollection AddApiOrigins(this IServiceCollection services, HostSettings settings) => services.AddCors(cors => cors.AddPolicy(
        Origins,
        policy => policy.WithOrigins([.. settings.ApiOrigins]).WithMethods("GET", "POST", "PATCH", "DELETE").AllowAnyHeader()
            .WithExposedHeaders(HeaderNames.RetryAfter, "X-Request-Id").SetPreflightMaxAge(TimeSpan.FromMinutes(10))));

    public static void MapApi(this WebApplication app)
    {
        MapOpenAi(app.MapGroup(OpenAiPath).RequireCors(Origins).RequireAuthorization(Access.For(TokenScopes.Models)).WithTags("As OpenAI's"));
        MapReading(app.MapGroup(OwnPath).RequireCors(Origins).RequireAuthorization(Access.For(TokenScopes.ReadChats)).WithTags("Chats"));
        MapWriting(app.MapGroup(OwnPath).RequireCors(Origins).RequireAuthorization(Access.For(TokenScopes.WriteChats)).WithTags("Chats"));
        KnowledgeRoutes.MapReading(app.MapGroup(OwnPath).RequireCors(Origins).RequireAuthorization(Access.For(TokenScopes.ReadKnowledge)).WithTags("Knowledge"));
        KnowledgeRoutes.MapWriting(app.MapGroup(OwnPath).RequireCors(Origins).RequireAuthorization(Access.For(TokenScopes.WriteKnowledge)).WithTags("Knowledge"));
        TemplateRoutes.MapReading(app.MapGroup(OwnPath).RequireCors(Origins).RequireAuthorization(Access.For(TokenScopes.ReadTemplates)).WithTags("Templates"));
        TemplateRoutes.MapWriting(app.MapGroup(OwnPath).RequireCors(Origins).RequireAuthorization(Access.For(TokenScopes.WriteTemplates)).WithTags("Templates"));
        ExchangeRoutes.MapReading(app.MapGroup(OwnPath).RequireCors(Origins).RequireAuthorization(Access.For(TokenScopes.ReadChats)).WithTags("Chats"));
        ExchangeRoutes.MapWriting(app.MapGroup(OwnPath).RequireCors(Origins).RequireAuthorization(Access.For(TokenScopes.WriteChats)).WithTags("Chats"));
        SharesEndpoint.MapReading(app.MapGroup(OwnPath).RequireCors(Origins).RequireAuthorization(Access.For(TokenScopes.ReadChats)).WithTags("Chats"));
        SharesEndpoint.MapWriting(app.MapGroup(OwnPath).RequireCors(Origins).RequireAuthorization(Access.For(TokenScopes.WriteChats)).WithTags("Chats"));
        app.UseApiDocs();
    }

    private static void MapOpenAi(RouteGroupBuilder group)
    {
        group.MapGet("/models", ModelsEndpoint.ListAsync).Says("The models.", ApiExamples.Models);
        group.MapGet("/models/{**id}", ModelsEndpoint.FindAsync).Says("One model, by its name.", ApiExamples.Model);
        group.MapPost("/chat/completions", ChatCompletions.AnswerAsync)
            .Says("An answer, whole or streamed. Nothing of it is stored.", ApiExamples.Completion).Accepts<ChatRequestBody>("application/json").Produces<ChatCompletion>();
        group.MapPost("/embeddings", EmbeddingsEndpoint.AnswerAsync)
            .Says("Vectors of texts.", ApiExamples.Embeddings).Accepts<EmbeddingsRequestBody>("application/json").Produces<EmbeddingList>();
    }

    private static void MapReading(RouteGroupBuilder group)
    {
        group.MapGet("/me", ChatsEndpoint.Me).Says("For whom the token speaks.", ApiExamples.Me);
        group.MapGet("/chats", ChatsEndpoint.ListAsync).Says("The chats, the last written in first; with archived those that are put away, else all others; with folder and tag those that lie in one and have the other.", ApiExamples.Chats);
        group.MapGet("/chats/{id:guid}", ChatsEndpoint.FindAsync).Says("One chat.", ApiExamples.Chat);
        group.MapGet("/chats/{id:guid}/messages", ChatsEndpoint.MessagesAsync).Says("The messages that are shown of it, the oldest first; the first part has the newest.", ApiExamples.Messages);
        group.MapGet("/turns/{id:guid}", TurnsEndpoint.FindAsync).Says("How a turn stands, with its answer so far; waits up to 60 seconds for its end if asked to.", ApiExamples.TurnAnswer);
        group.MapGet("/personal", PersonalEndpoint.FindAsync).Says("What each model is told of the owner.", ApiExamples.Personal);
        group.MapGet("/folders", FoldersEndpoint.ListAsync).Says("The folders of chats, each before those that lie in it.", ApiExamples.Folders);
        group.MapGet("/tags", TagsEndpoint.ListAsync).Says("The tags of chats, by name.", ApiExamples.Tags);
        group.MapGet("/search", ChatsEndpoint.SearchAsync).Says("Messages and titles that fit, the best first.", ApiExamples.Search);
    }

    private static void MapWriting(RouteGroupBuilder group)
    {
        group.MapPost("/turns/{id:guid}/rating", RatingsEndpoint.RateAsync).Says("Says what one thinks of an answer, in place of what was said before.", ApiExamples.Rate).Accepts<ApiRating>("application/json");
        group.MapDelete("/turns/{id:guid}/rating", RatingsEndpoint.WithdrawAsync).Says("Takes back what was said of an answer.", ApiExamples.Turn);
        group.MapPatch("/personal", PersonalEndpoint.InstructAsync).Says("Writes the instructions for each model anew.", ApiExamples.Instruct).Accepts<ApiInstructions>("application/json");
        group.MapPost("/facts", PersonalEndpoint.AddFactAsync).Says("Adds a fact that each model is to know.", ApiExamples.Fact).Accepts<ApiFactText>("application/json").Produces<ApiFact>(StatusCodes.Status201Created);
        group.MapPatch("/facts/{id:guid}", PersonalEndpoint.ChangeFactAsync).Says("Words a fact anew.", ApiExamples.Fact).Accepts<ApiFactText>("application/json");
        group.MapDelete("/facts/{id:guid}", PersonalEndpoint.RemoveFactAsync).Says("Forgets a fact.", new ApiExample(null, null)).Produces(StatusCodes.Status204NoContent);
        group.MapPost("/messages", TurnsEndpoint.AskAsync)
            .Says("Sends a message, and returns at once: the answer is written by the server, and read from its turn.", ApiExamples.Ask).Accepts<ApiNewMessage>("application/json").Produces<ApiTurn>(StatusCodes.Status202Accepted);
        group.MapPost("/turns/{id:guid}/stop", TurnsEndpoint.StopAsync).Says("Stops an answer; what has come is kept.", ApiExamples.Turn);
        group.MapPatch("/chats/{id:guid}", ChatsEndpoint.ChangeAsync).Says("Names a chat, pins it, puts it away, moves it, or gives it tags.", ApiExamples.Rename).Accepts<ApiChatChange>("application/json");
        group.MapDelete("/chats/{id:guid}", ChatsEndpoint.DeleteAsync).Says("Deletes a chat.", new ApiExample(null, null)).Produces(StatusCodes.Status204NoContent);
        MapOrder(group);
    }

    private static void MapOrder(RouteGroupBuilder group)
    {
        group.MapPost("/folders", FoldersEndpoint.AddAsync)
            .Says("Makes a folder.", ApiExamples.NewFolder).Accepts<ApiFolderChange>("application/json").Produces<ApiFolder>(StatusCodes.Status201Created);
        group.MapPatch("/folders/{id:guid}", FoldersEndpoint.ChangeAsync).Says("Names a folder, or moves it with all that lies in it.", ApiExamples.FolderChange).Accepts<ApiFolderChange>("application/json");
        group.MapDelete("/folders/{id:guid}", FoldersEndpoint.DeleteAsync).Says("Removes a folder; what lies in it moves up.", new ApiExample(null, null)).Produces(StatusCodes.Status204NoContent);
        group.MapPost("/tags", TagsEndpoint.AddAsync)
            .Says("Makes a tag, or finds the one of that name.", ApiExamples.NewTag).Accepts<ApiTagChange>("application/json").Produces<ApiTag>(StatusCodes.Status201Created);
        group.MapPatch("/tags/{id:guid}", TagsEndpoint.ChangeAsync).Says("Gives a tag another name or colour.", ApiExamples.TagChange).Accepts<ApiTagChange>("application/json");
        group.MapDelete("/tags/{id:guid}", TagsEndpoint.DeleteAsync).Says("Removes a tag from all chats.", new ApiExample(null, null)).Produces(StatusCodes.Status204NoContent);
    }

    public static RouteHandlerBuilder Says(this RouteHandlerBuilder route, string summary, ApiExample example) => route.WithSummary(summary).WithMetadata(example);
}
