using Calango.Core.Errors;
using Calango.Core.Exchange;
using Calango.Web.Hosting;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Exchange;

/// <summary>How chats come to the server and leave it.</summary>
[RequestSizeLimit(LargestBody)]
[RequestFormLimits(MultipartBodyLengthLimit = LargestBody)]
public sealed class Index(ChatImports imports, Viewer viewer, PageText text) : PageModel
{
    /// <summary>The file and the form around it.</summary>
    public const long LargestBody = ChatImports.LargestFile + (1 << 20);

    /// <summary>The programs whose chats can be taken in.</summary>
    public static readonly IReadOnlyList<string> Sources = ["chatgpt", "claude", "openwebui", "librechat", "chatbotui", "calango"];

    /// <summary>The viewer's, the newest first.</summary>
    public IReadOnlyList<ChatImport> Imports { get; private set; } = [];

    /// <summary>Why a file was not taken; null: it was, or there was none.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) => Imports = await imports.ListAsync(viewer.AccountId, cancellationToken);

    /// <summary>Takes a file, and shows what is in it.</summary>
    public async Task<IActionResult> OnPostAsync(IFormFile? file, CancellationToken cancellationToken)
    {
        try
        {
            if (file is null)
            {
                throw new RejectedException("exchange.none");
            }

            await using var content = file.OpenReadStream();
            var import = await imports.BeginAsync(viewer.AccountId, file.FileName, content, cancellationToken);
            return LocalRedirect($"/exchange/imports/{import.Id}");
        }
        catch (RejectedException rejected)
        {
            Refusal = text.Error(Fault.Of(rejected));
            Response.StatusCode = StatusCodes.Status400BadRequest;
            await OnGetAsync(cancellationToken);
            return Page();
        }
    }
}
