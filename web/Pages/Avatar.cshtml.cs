using Calango.Core.Errors;
using Calango.Core.Files;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages;

/// <summary>A person's picture.</summary>
[RequestSizeLimit(LargestBody)]
[RequestFormLimits(MultipartBodyLengthLimit = LargestBody)]
public sealed class Avatar(Avatars avatars, Viewer viewer, PageText text) : PageModel
{
    // And the form around it.
    private const long LargestBody = Avatars.LargestFile + (1 << 20);

    /// <summary>The picture; null: there is none.</summary>
    public Guid? Id { get; private set; }

    /// <summary>Why the one that was handed in was refused; null: it wasn't.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Id = await avatars.OfAsync(viewer.AccountId, cancellationToken);

    /// <summary>Uses another one.</summary>
    public async Task<IActionResult> OnPostAsync(IFormFile? picture, CancellationToken cancellationToken)
    {
        try
        {
            await using var content = picture?.OpenReadStream() ?? Stream.Null;
            await avatars.SetAsync(viewer.AccountId, content, cancellationToken);
            return this.Go("/avatar");
        }
        catch (RejectedException rejected)
        {
            Refusal = text.Error(Fault.Of(rejected));
            Id = await avatars.OfAsync(viewer.AccountId, cancellationToken);
            Response.StatusCode = StatusCodes.Status422UnprocessableEntity;
            return Page();
        }
    }

    /// <summary>Takes it away.</summary>
    public async Task<IActionResult> OnDeleteAsync(CancellationToken cancellationToken)
    {
        await avatars.RemoveAsync(viewer.AccountId, cancellationToken);
        return this.Go("/avatar");
    }
}
