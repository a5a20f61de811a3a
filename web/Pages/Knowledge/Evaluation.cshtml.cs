using Calango.Core.Errors;
using Calango.Core.Knowledge;
using Calango.Web.Hosting;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Knowledge;

/// <summary>How well a collection answers questions whose documents are known, in one set-up beside another.</summary>
public sealed class Evaluation(Collections collections, Evaluations evaluations, RerankerChoices rerankers, Viewer viewer, PageText text) : PageModel
{
    /// <summary>How many questions are made of the documents at once, at most.</summary>
    public const int MostMade = 100;

    private Dictionary<string, string> _sentences = [];

    /// <summary>The collection.</summary>
    public Collection Collection { get; private set; } = null!;

    /// <summary>The questions.</summary>
    public IReadOnlyList<EvaluationQuestion> Questions { get; private set; } = [];

    /// <summary>What was measured, the latest first.</summary>
    public IReadOnlyList<EvaluationRun> Runs { get; private set; } = [];

    /// <summary>The options to be tried, as they are or were entered.</summary>
    public SetupFields Options { get; private set; } = new();

    /// <summary>The choice of the model that puts what is found in order.</summary>
    public RerankerChoiceView Reranker { get; private set; } = null!;

    /// <summary>What was handed in and not taken.</summary>
    public string? Lines { get; private set; }

    /// <summary>Why not, or why nothing was measured; null: it was, or nobody tried.</summary>
    public string? Refusal { get; private set; }

    /// <summary>Its address.</summary>
    public string Address => $"/knowledge/{Collection.Id}/evaluation";

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, CancellationToken cancellationToken)
    {
        await ReadAsync(id, cancellationToken);
        await ShowOptionsAsync(SetupFields.Of(Collection.Options), cancellationToken);
    }

    /// <summary>Adds questions, from a file or from a field, or makes some.</summary>
    public Task<IActionResult> OnPostAsync(Guid id, string? lines, IFormFile? file, int? count, CancellationToken cancellationToken) => DoAsync(
        id,
        async () =>
        {
            if (count is { } wanted)
            {
                return await evaluations.MakeAsync(viewer.AccountId, id, Math.Clamp(wanted, 1, MostMade), cancellationToken) > 0 ? null : "knowledge.evaluation.made.none";
            }

            Lines = file is null ? lines : await ContentOfAsync(file, cancellationToken);
            await evaluations.AddAsync(viewer.AccountId, id, Lines ?? "", cancellationToken);
            return null;
        },
        cancellationToken);

    /// <summary>Asks the questions, set up in one way.</summary>
    public async Task<IActionResult> OnPutAsync(Guid id, SetupFields options, CancellationToken cancellationToken)
    {
        Options = options;
        var wrong = new Dictionary<string, string>();
        if (options.Read(wrong) is { } read)
        {
            return await DoAsync(
                id,
                async () =>
                {
                    var now = (await collections.FindAsync(viewer.AccountId, id, CollectionRight.Manage, cancellationToken)).Collection.Options;
                    var reranker = await rerankers.ReadAsync(read.Reranker, now.Reranker, cancellationToken);
                    await evaluations.RunAsync(viewer.AccountId, id, read with { Reranker = reranker }, cancellationToken);
                    return null;
                },
                cancellationToken);
        }

        _sentences = wrong.ToDictionary(field => field.Key, field => text[$"invalid.{field.Value}"]);
        return await AgainAsync(id, cancellationToken);
    }

    /// <summary>Removes the questions and what was measured.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await evaluations.ClearAsync(viewer.AccountId, id, cancellationToken);
        return this.Go($"/knowledge/{id}/evaluation");
    }

    /// <summary>A number of the form.</summary>
    public OptionField Option(string name, string? value, string max, string step) => new(name, value, _sentences.GetValueOrDefault(name), max, step);

    /// <summary>A measure is the best of all runs.</summary>
    public bool IsBest(Func<EvaluationRun, double> measure, EvaluationRun run) => Runs.Count > 1 && Runs.Max(measure) <= measure(run);

    // Null: it is done. Else a sentence's key.
    private async Task<IActionResult> DoAsync(Guid id, Func<Task<string?>> act, CancellationToken cancellationToken)
    {
        try
        {
            if (await act() is not { } key)
            {
                return LocalRedirect($"/knowledge/{id}/evaluation");
            }

            Refusal = text[key];
        }
        catch (RejectedException rejected) when (rejected.Code.StartsWith("retrieval.", StringComparison.Ordinal))
        {
            var name = rejected.Code["retrieval.".Length..];
            _sentences[char.ToUpperInvariant(name[0]) + name[1..]] = text.Error(Fault.Of(rejected));
        }
        catch (RejectedException rejected) when (rejected.Code.StartsWith("evaluation.", StringComparison.Ordinal))
        {
            Refusal = text.Error(Fault.Of(rejected));
        }

        return await AgainAsync(id, cancellationToken);
    }

    private async Task<IActionResult> AgainAsync(Guid id, CancellationToken cancellationToken)
    {
        Response.StatusCode = StatusCodes.Status400BadRequest;
        await ReadAsync(id, cancellationToken);
        await ShowOptionsAsync(Options.MaxPassages is null ? SetupFields.Of(Collection.Options) : Options, cancellationToken);
        return Page();
    }

    private async Task ShowOptionsAsync(SetupFields options, CancellationToken cancellationToken)
    {
        Options = options;
        Reranker = await rerankers.WithAsync(options.Reranker, cancellationToken) with { Error = _sentences.GetValueOrDefault("Reranker") };
    }

    private async Task ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        Collection = (await collections.FindAsync(viewer.AccountId, id, CollectionRight.Manage, cancellationToken)).Collection;
        Questions = await evaluations.QuestionsAsync(viewer.AccountId, id, cancellationToken);
        Runs = await evaluations.RunsAsync(viewer.AccountId, id, cancellationToken);
    }

    private static async Task<string> ContentOfAsync(IFormFile file, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(file.OpenReadStream());
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
