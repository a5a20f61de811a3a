using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Core.Models;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Identity;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>How a collection is called, and how its passages are cut, placed and found.</summary>
public sealed class Setup(Collections collections, EmbedderChoices embedders, RerankerChoices rerankers, Viewer viewer, PageText text) : PageModel
{
    private Dictionary<string, string> _sentences = [];

    /// <summary>The collection.</summary>
    public Collection Collection { get; private set; } = null!;

    /// <summary>Its name, description and model, as they are or were entered.</summary>
    public CollectionFields Fields { get; private set; } = new();

    /// <summary>Its options, as they are or were entered.</summary>
    public SetupFields Options { get; private set; } = new();

    /// <summary>The choice of its model.</summary>
    public EmbedderChoiceView Embedder { get; private set; } = null!;

    /// <summary>The choice of the model that puts what is found in order.</summary>
    public RerankerChoiceView Reranker { get; private set; } = null!;

    /// <summary>What is wrong with name and description, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; private set; } = new Dictionary<string, string>();

    /// <summary>Why nothing is stored; null: it is, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        Collection = await FindAsync(id, cancellationToken);
        Fields = new CollectionFields { Name = Collection.Name, Description = Collection.Description, Embedder = Collection.Embedder?.ToString(), Translates = Collection.IsTranslated };
        Options = SetupFields.Of(Collection.Options);
        Embedder = await embedders.WithAsync(Fields.Embedder, Fields.Translates, cancellationToken);
        Reranker = await rerankers.WithAsync(Options.Reranker, cancellationToken);
    }

    /// <summary>Stores it.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, CollectionFields fields, SetupFields options, CancellationToken cancellationToken)
    {
        Collection = await FindAsync(id, cancellationToken);
        (Fields, Options) = (fields, options);
        Errors = new CollectionRules().Validate(fields).ByField();
        var wrong = new Dictionary<string, string>();
        if (options.Read(wrong) is { } read && Errors.Count == 0 && await StoreAsync(id, read, cancellationToken))
        {
            return this.Go($"/knowledge/{id}");
        }

        foreach (var (field, code) in wrong)
        {
            _sentences[field] = text[$"invalid.{code}"];
        }

        Response.StatusCode = StatusCodes.Status400BadRequest;
        Embedder = await embedders.WithAsync(fields.Embedder, fields.Translates, cancellationToken);
        Reranker = await rerankers.WithAsync(options.Reranker, cancellationToken) with { Error = _sentences.GetValueOrDefault("Reranker") };
        return Page();
    }

    /// <summary>A number of the form.</summary>
    public OptionField Option(string name, string? value, string max, string step) => new(name, value, _sentences.GetValueOrDefault(name), max, step);

    private async Task<bool> StoreAsync(Guid id, RetrievalOptions options, CancellationToken cancellationToken)
    {
        try
        {
            options.Validate();
            options = options with { Reranker = await rerankers.ReadAsync(options.Reranker, Collection.Options.Reranker, cancellationToken) };
            var embedder = await embedders.ReadAsync(Fields.Embedder, Fields.Translates, Collection, cancellationToken);
            await collections.RenameAsync(viewer.AccountId, id, Fields.Name!, Fields.Description ?? "", cancellationToken);
            await collections.SetUpAsync(viewer.AccountId, id, options, embedder, cancellationToken);
            return true;
        }
        catch (RejectedException rejected) when (rejected.Code.StartsWith("retrieval.", StringComparison.Ordinal))
        {
            var name = rejected.Code["retrieval.".Length..];
            _sentences[char.ToUpperInvariant(name[0]) + name[1..]] = text.Error(Fault.Of(rejected));
        }
        catch (Exception refused) when (refused is RejectedException { Code: not "collection.readOnly" } or ModelFailedException)
        {
            Refusal = text.Error(Fault.Of(refused));
        }

        return false;
    }

    private async Task<Collection> FindAsync(Guid id, CancellationToken cancellationToken) =>
        (await collections.FindAsync(viewer.AccountId, id, CollectionRight.Manage, cancellationToken)).Collection;
}
