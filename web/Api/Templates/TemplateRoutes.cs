namespace Calango.Web.Api.Templates;

/// <summary>The addresses of templates.</summary>
internal static class TemplateRoutes
{
    public static void MapReading(RouteGroupBuilder group)
    {
        group.MapGet("/templates", TemplatesEndpoint.ListAsync).Says("The templates, by name; with q, category and tag those that fit.", ApiExamples.Templates);
        group.MapGet("/templates/{id:guid}", TemplatesEndpoint.FindAsync).Says("One template.", ApiExamples.Template);
        group.MapPost("/templates/{id:guid}/render", TemplatesEndpoint.RenderAsync)
            .Says("The text of a template with values put in, which counts as a use.", ApiExamples.FilledTemplate).Accepts<ApiTemplateValues>("application/json");
    }

    public static void MapWriting(RouteGroupBuilder group)
    {
        group.MapPost("/templates", TemplatesEndpoint.AddAsync)
            .Says("Makes a template.", ApiExamples.NewTemplate).Accepts<ApiTemplateChange>("application/json").Produces<ApiTemplate>(StatusCodes.Status201Created);
        group.MapPatch("/templates/{id:guid}", TemplatesEndpoint.ChangeAsync)
            .Says("Saves a new version of a template.", ApiExamples.TemplateChange).Accepts<ApiTemplateChange>("application/json");
        group.MapDelete("/templates/{id:guid}", TemplatesEndpoint.DeleteAsync).Says("Removes a template with all its versions.", new ApiExample(null, null)).Produces(StatusCodes.Status204NoContent);
    }
}
