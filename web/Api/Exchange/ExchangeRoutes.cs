using System.Text.Json;
using Calango.Core.Exchange;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Api.Exchange;

/// <summary>The addresses of export and import.</summary>
internal static class ExchangeRoutes
{
    public static void MapReading(RouteGroupBuilder group)
    {
        group.MapGet("/chats/{id:guid}/export", ExchangeEndpoint.ExportAsync)
            .Says("A chat as a file: json has all of it (as a zip where it has documents), markdown and html what is shown.", ApiExamples.ExportedChat).Produces<JsonElement>();
        group.MapGet("/export", ExchangeEndpoint.ExportAllAsync).Says("All chats as a zip: json has all of them, markdown what is shown.", ApiExamples.ExportedChat).Produces<JsonElement>();
        group.MapGet("/imports/{id:guid}", ExchangeEndpoint.FindAsync).Says("A file of chats: what is in it, how far it is, and what has come of it.", ApiExamples.Import);
    }

    public static void MapWriting(RouteGroupBuilder group)
    {
        group.MapPost("/imports", ExchangeEndpoint.BeginAsync)
            .Says("Has a file of chats looked at: the body is its bytes. Nothing of it is stored as a chat before it is started.", ApiExamples.Import)
            .Accepts<Stream>("*/*").Produces<ApiImport>(StatusCodes.Status202Accepted).WithMetadata(new RequestSizeLimitAttribute(ChatImports.LargestFile));
        group.MapPost("/imports/{id:guid}/start", ExchangeEndpoint.StartAsync).Says("Has a file taken in that was looked at.", ApiExamples.Import);
        group.MapDelete("/imports/{id:guid}", ExchangeEndpoint.CancelAsync).Says("Ends an import; the chats that are done by then stay.", new ApiExample(null, null)).Produces(StatusCodes.Status204NoContent);
    }
}
