using Calango.Core.Chat;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Sdk;
using Calango.Web.Text;

namespace Calango.Web.Pages.Models;

/// <summary>Who does a small task beside the answers, and who can be chosen for it.</summary>
/// <param name="Task">The task.</param>
/// <param name="Choice">Who does it.</param>
/// <param name="Models">All models.</param>
/// <param name="NanoUsd">What it costs at most, with the model that would do it; null: not known.</param>
public sealed record TaskSection(ModelTask Task, TaskChoice Choice, IReadOnlyList<CatalogModel> Models, long? NanoUsd)
{
    /// <summary>Its name in addresses and in keys.</summary>
    public string Name => Task == ModelTask.Title ? "titles" : "questions";

    /// <summary>The model that would do it runs on this machine.</summary>
    public bool IsFree { get; init; }

    /// <summary>It has just been stored.</summary>
    public bool IsSaved { get; init; }
}

/// <summary>Collects who does small tasks.</summary>
public sealed class TaskSections(Viewer viewer, TaskChoices choices, Conversations conversations, ModelCatalog catalog)
{
    /// <summary>The viewer's choice for one.</summary>
    public async Task<TaskSection> OfViewerAsync(ModelTask task, CancellationToken cancellationToken)
    {
        var choice = await choices.OfAsync(viewer.AccountId, task, cancellationToken);
        var models = await catalog.ListAsync(viewer.AccountId, cancellationToken);
        var doer = choice.Mode == TaskMode.Model ? choice.Model : await conversations.ModelForNewAsync(viewer.AccountId, cancellationToken);
        var known = models.FirstOrDefault(model => model.Ref == doer);
        return new TaskSection(task, choice, models, known is null ? null : TaskChoices.HighestCost(task, known)) { IsFree = known is { OnPremises: true, InputPrice: null } };
    }
}
