using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Web.Hosting;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Plugins;

/// <summary>A package that was handed in: who published it and what it asks for, before any of its code has run.</summary>
[RequestSizeLimit(LargestBody)]
[RequestFormLimits(MultipartBodyLengthLimit = LargestBody)]
public sealed class Inspection(PluginInstaller installer, PageText text) : PageModel
{
    // And the form around it.
    private const long LargestBody = PluginInstaller.LargestPackage + (1 << 20);

    /// <summary>What was found out; null: it was refused.</summary>
    public PackageInspection? Package { get; private set; }

    /// <summary>Why it was refused.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Looks at one, and asks for consent.</summary>
    public async Task OnPostAsync(IFormFile? package, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = package?.OpenReadStream() ?? Stream.Null;
            Package = await installer.InspectAsync(content, cancellationToken);
        }
        catch (RejectedException rejected)
        {
            Refusal = text.Error(Fault.Of(rejected));
            Response.StatusCode = StatusCodes.Status400BadRequest;
        }
    }
}
