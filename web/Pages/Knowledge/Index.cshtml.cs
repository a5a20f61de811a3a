using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Core.Models;
using Calango.Web.Hosting;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>The collections that the viewer may use.</summary>
public sealed class Index(Collections collections, EmbedderChoices embedders, Viewer viewer, PageText text) : PageModel
{
    /// <summary>What was entered for a new one.</summary>
    [BindProperty]
    public CollectionFields Fields { get; set; } = new();

    /// <summary>The collections.</summary>
    public IReadOnlyList<CollectionOverview> Shown { get; private set; } = [];

    /// <summary>The choice of a new one's model.</summary>
    public EmbedderChoiceView Embedder { get; private set; } = null!;

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; private set; } = new Dictionary<string, string>();

    /// <summary>Why none was made; null: one was, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Embedder = await embedders.NewAsync(cancellationToken);
        Shown = await collections.ListAsync(viewer.AccountId, cancellationToken);
    }

    /// <summary>Makes one.</summary>
    public async Task<IActionResult> OnPostAsync(CancellationToken cancellationToken)
    {
        Errors = new CollectionRules().Validate(Fields).ByField();
        if (Errors.Count == 0)
        {
            try
            {
                var embedder = await embedders.ReadAsync(Fields.Embedder, Fields.Translates, now: null, cancellationToken);
                var made = await collections.AddAsync(viewer.AccountId, Fields.Name!, Fields.Description ?? "", embedder, cancellationToken);
                return LocalRedirect($"/knowledge/{made.Id}");
            }
            catch (Exception refused) when (refused is RejectedException or ModelFailedException)
            {
                Refusal = text.Error(Fault.Of(refused));
            }
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        Embedder = await embedders.WithAsync(Fields.Embedder, Fields.Translates, cancellationToken);
        Shown = await collections.ListAsync(viewer.AccountId, cancellationToken);
        return Page();
    }
}
