using Calango.Core.Errors;
using Calango.Web.Hosting;
using Microsoft.AspNetCore.Mvc.Filters;

namespace Calango.Web.Identity;

/// <summary>A page that a laptop's server does not have: there is one person, who has no password.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class ServerOnlyAttribute : Attribute, IResourceFilter
{
    public void OnResourceExecuting(ResourceExecutingContext context)
    {
        if (context.HttpContext.RequestServices.GetRequiredService<HostSettings>().Mode == HostMode.Desktop)
        {
            throw new NotFoundException();
        }
    }

    public void OnResourceExecuted(ResourceExecutedContext context)
    {
        // What it has answered stays.
    }
}
