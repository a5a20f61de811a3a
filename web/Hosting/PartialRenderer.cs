using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.Razor;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Mvc.ViewFeatures;

namespace Calango.Web.Hosting;

/// <summary>Renders a view where no page is being handled: in a stream, or for an error.</summary>
internal sealed class PartialRenderer(IRazorViewEngine views, ITempDataProvider tempData, IModelMetadataProvider metadata)
{
    public async Task<string> RenderAsync(HttpContext context, string path, object model)
    {
        var action = new ActionContext(context, context.GetRouteData(), new ActionDescriptor());
        var view = views.GetView(executingFilePath: null, path, isMainPage: false).View
            ?? throw new InvalidOperationException($"There is no view {path}.");
        await using var writer = new StringWriter();
        await view.RenderAsync(new ViewContext(
            action,
            view,
            new ViewDataDictionary(metadata, new ModelStateDictionary()) { Model = model },
            new TempDataDictionary(context, tempData),
            writer,
            new HtmlHelperOptions()));
        return writer.ToString();
    }
}
