using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Chat;

/// <summary>Who does small tasks for a person. Thread-safe.</summary>
public sealed class TaskChoices(Database database)
{
    /// <summary>What one costs at most where this model does it, in billionths of a US dollar; null: the model has no price.</summary>
    public static long? HighestCost(ModelTask task, CatalogModel model) => task == ModelTask.Title ? Titles.HighestCost(model) : FollowUps.HighestCost(model);

    /// <summary>Their choice for one.</summary>
    public async Task<TaskChoice> OfAsync(Guid accountId, ModelTask task, CancellationToken cancellationToken) =>
        TaskChoice.Of(await database.ReadAsync(db => db.Set<Account>().SingleAsync(account => account.Id == accountId, cancellationToken), cancellationToken), task);

    /// <summary>Chooses for one. A model that was to be chosen for it and was not is the one that answers.</summary>
    public Task ChooseAsync(Guid accountId, ModelTask task, TaskMode mode, ModelRef? model, CancellationToken cancellationToken) => database.WriteAsync(
        async db =>
        {
            var account = await db.Set<Account>().SingleAsync(account => account.Id == accountId, cancellationToken);
            new TaskChoice(mode == TaskMode.Model && model is null ? TaskMode.SameModel : mode, model).PutInto(account, task);
            await db.SaveChangesAsync(cancellationToken);
        },
        cancellationToken);
}

/// <summary>Who does a small task.</summary>
/// <param name="Mode">Which kind of choice it is.</param>
/// <param name="Model">The model chosen for it, also while another does it.</param>
public sealed record TaskChoice(TaskMode Mode, ModelRef? Model)
{
    /// <summary>The model that does it; null: none does.</summary>
    /// <param name="turn">To which it belongs.</param>
    internal ModelRef? ModelFor(Turn turn) => Mode switch
    {
        TaskMode.Off => null,
        TaskMode.Model when Model is { } chosen => chosen,
        _ => turn.Model == QuotedAnswer.Model ? null : turn.Model,
    };

    internal static TaskChoice Of(Account account, ModelTask task) => task switch
    {
        ModelTask.Title => new TaskChoice(account.TitleMode, Ref(account.TitleConnectionId, account.TitleModelId)),
        ModelTask.Question => new TaskChoice(account.QuestionMode, Ref(account.QuestionConnectionId, account.QuestionModelId)),
        _ => throw new ArgumentOutOfRangeException(nameof(task)),
    };

    internal void PutInto(Account account, ModelTask task)
    {
        switch (task)
        {
            case ModelTask.Title:
                (account.TitleMode, account.TitleConnectionId, account.TitleModelId) = (Mode, Model?.ConnectionId, Model?.ModelId);
                break;
            case ModelTask.Question:
                (account.QuestionMode, account.QuestionConnectionId, account.QuestionModelId) = (Mode, Model?.ConnectionId, Model?.ModelId);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(task));
        }
    }

    private static ModelRef? Ref(Guid? connection, string? model) => connection is { } id && model is not null ? new ModelRef(id, model) : null;
}
