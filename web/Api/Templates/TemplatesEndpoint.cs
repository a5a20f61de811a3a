using System.Text.Json;
using Calango.Core.Audit;
using Calango.Core.Errors;
using Calango.Core.Templates;
using Calango.Web.Api.Chats;
using Calango.Web.Identity;
using Calango.Web.Text;

namespace Calango.Web.Api.Templates;

/// <summary>The templates that the token's owner may use: <c>/api/templates</c>. Any other is not there. A token never publishes.</summary>
internal static class TemplatesEndpoint
{
    public static async Task<ApiPage<ApiTemplateItem>> ListAsync(string? q, string? category, string? tag, Core.Templates.Templates templates, Viewer viewer, CancellationToken cancellationToken) =>
        new([.. (await templates.ListAsync(viewer.AccountId, new TemplateQuery(q, category, tag, TemplateOrder.Name), cancellationToken)).Select(template => ApiTemplateItem.Of(template, viewer.AccountId))], Next: null);

    public static async Task<ApiTemplate> FindAsync(Guid id, Core.Templates.Templates templates, Viewer viewer, CancellationToken cancellationToken) =>
        ApiTemplate.Of(await templates.FindAsync(viewer.AccountId, id, TemplateRight.Use, cancellationToken));

    public static async Task<IResult> AddAsync(HttpRequest request, Core.Templates.Templates templates, Viewer viewer, CancellationToken cancellationToken)
    {
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        _ = (body.Needed("name"), body.Needed("text"));
        var made = await templates.AddAsync(viewer.AccountId, TemplateFile.Read(body.Value, new TemplateContent("", "")), isPublished: false, cancellationToken);
        return Results.Created($"/api/templates/{made.Id}", await FindAsync(made.Id, templates, viewer, cancellationToken));
    }

    public static async Task<ApiTemplate> ChangeAsync(Guid id, HttpRequest request, Core.Templates.Templates templates, Viewer viewer, CancellationToken cancellationToken)
    {
        var now = (await templates.FindAsync(viewer.AccountId, id, TemplateRight.Edit, cancellationToken)).Template;
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        // What is left out is what it is in the version that was read here: nobody else's words are lost.
        var seen = (int?)body["version"]?.Whole(1, int.MaxValue) ?? now.Version;
        await templates.SaveAsync(viewer.AccountId, id, TemplateFile.Read(body.Value, now.Content), seen, mayPublish: false, cancellationToken);
        return await FindAsync(id, templates, viewer, cancellationToken);
    }

    public static async Task<IResult> DeleteAsync(Guid id, Core.Templates.Templates templates, Viewer viewer, RequestAudit audit, CancellationToken cancellationToken)
    {
        var template = (await templates.FindAsync(viewer.AccountId, id, TemplateRight.Manage, cancellationToken)).Template;
        await templates.RemoveAsync(viewer.AccountId, id, cancellationToken);
        await audit.WriteAsync(AuditActs.TemplateRemoved, $"{id} {template.Name}");
        return Results.NoContent();
    }

    public static async Task<ApiFilledTemplate> RenderAsync(Guid id, HttpRequest request, Core.Templates.Templates templates, Viewer viewer, CancellationToken cancellationToken)
    {
        var variables = (await templates.FindAsync(viewer.AccountId, id, TemplateRight.Use, cancellationToken)).Template.Variables;
        var body = await JsonInput.ReadAsync(request, cancellationToken);
        var given = body["values"]?.Object().EnumerateObject().ToDictionary(value => value.Name, TextOf) ?? [];
        var values = variables.ToDictionary(variable => variable.Name, variable => given.GetValueOrDefault(variable.Name, variable.Default).ReplaceLineEndings("\n"));
        return new ApiFilledTemplate(await templates.FillAsync(viewer.AccountId, id, values, cancellationToken));
    }

    private static string TextOf(JsonProperty value) => value.Value.ValueKind switch
    {
        JsonValueKind.String => value.Value.GetString()!,
        JsonValueKind.Number => value.Value.GetRawText(),
        _ => throw new RejectedException("api.type", ("param", $"values.{value.Name}"), ("type", "string")),
    };
}
