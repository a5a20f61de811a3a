using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Hosting;

/// <summary>
/// Answers 405 for a method that a page has no handler for. The framework would render the page with an empty model
/// instead and call that a success. A page without any handler is plain text to read.
/// </summary>
internal sealed class UnhandledMethods : IPageFilter
{
    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        if (context.HandlerMethod is not null)
        {
            return;
        }

        var allowed = AllowedBy(context.ActionDescriptor);
        if (!allowed.Contains(context.HttpContext.Request.Method, StringComparer.OrdinalIgnoreCase))
        {
            context.HttpContext.Response.Headers.Allow = string.Join(", ", allowed);
            context.Result = new StatusCodeResult(StatusCodes.Status405MethodNotAllowed);
        }
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }

    private static IReadOnlyList<string> AllowedBy(CompiledPageActionDescriptor page)
    {
        var methods = page.HandlerMethods.Select(handler => handler.HttpMethod.ToUpperInvariant()).Distinct().Order(StringComparer.Ordinal).ToList();
        return methods.Count == 0 ? [HttpMethods.Get, HttpMethods.Head]
            : methods.Contains(HttpMethods.Get) ? [.. methods, HttpMethods.Head]
            : methods;
    }
}
