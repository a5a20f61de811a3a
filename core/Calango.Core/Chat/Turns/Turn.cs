using System.Text.Json;
using Calango.Core.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Chat;

/// <summary>One run of a model for one answer: how it went and what it took. Has the id of the answer.</summary>
public sealed partial class Turn
{
    private string _modelName = "";

    /// <summary>A turn of an answer that is being asked for.</summary>
    public Turn(Guid id, Guid conversationId, Guid questionId, Guid clientMessageId, Guid? continuesId) =>
        (Id, ConversationId, QuestionId, ClientMessageId, ContinuesId) = (id, conversationId, questionId, clientMessageId, continuesId);

    /// <summary>The answer's id.</summary>
    public Guid Id { get; private set; }

    /// <summary>The chat.</summary>
    public Guid ConversationId { get; private set; }

    /// <summary>Whose it is.</summary>
    public Guid AccountId { get; init; }

    /// <summary>The id under which the page sent it. Sending it again is the same turn.</summary>
    public Guid ClientMessageId { get; private set; }

    /// <summary>The question answered.</summary>
    public Guid QuestionId { get; private set; }

    /// <summary>The cut answer that this one goes on from; null: it starts anew.</summary>
    public Guid? ContinuesId { get; private set; }

    /// <summary>The turn whose request this one sent again, exactly as it was; null: it has a request of its own.</summary>
    public Guid? RerunOf { get; init; }

    /// <summary>Where it is.</summary>
    public TurnState State { get; private set; }

    /// <summary>The model that answers: the one that was wanted, until another has answered for it.</summary>
    public Guid ConnectionId { get; private set; }

    /// <inheritdoc cref="ConnectionId"/>
    public string ModelId { get; private set; } = "";

    /// <summary>The model's name for people, as it was then.</summary>
    public string ModelName
    {
        get => _modelName;
        init => _modelName = value;
    }

    /// <summary>The name of the model that was wanted and could not answer; null: it is the one that answers.</summary>
    public string? InsteadOf { get; private set; }

    /// <summary>No model was asked: the answer had been kept.</summary>
    public bool WasKept { get; private set; }

    /// <summary>How much was found for it in the chat's collections; null: nobody looked.</summary>
    public int? Sources { get; private set; }

    /// <summary>The question in full, as a model said it to be searched for; null: what was typed was.</summary>
    public string? SearchedFor { get; private set; }

    /// <summary>The name of the model that said it.</summary>
    public string? SearchModelName { get; private set; }

    /// <summary>Tokens of its prompt and its answer.</summary>
    public int? SearchTokens { get; private set; }

    /// <summary>In billionths of a US dollar; null: no price is known.</summary>
    public long? SearchCostNanoUsd { get; private set; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the model was called.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>When the first token came.</summary>
    public DateTimeOffset? FirstTokenAt { get; private set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>How long the model thought, in milliseconds; null: it didn't.</summary>
    public int? ReasoningMilliseconds { get; private set; }

    /// <summary>Tokens of the prompt.</summary>
    public int? InputTokens { get; private set; }

    /// <summary>Tokens of the answer, its reasoning included.</summary>
    public int? OutputTokens { get; private set; }

    /// <summary>The service reported no usage: the token counts are our estimate.</summary>
    public bool TokensEstimated { get; private set; }

    /// <summary>What the last of several calls of the model took, prompt and answer: the others read the same once more. Null: there was one call.</summary>
    public int? ContextTokens { get; private set; }

    /// <summary>In billionths of a US dollar; null: no price is known.</summary>
    public long? CostNanoUsd { get; private set; }

    /// <summary>Why the model stopped, in its service's word: <c>stop</c>, <c>length</c>, …; null: it didn't say.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>Why it failed: the end of a locale key, <c>failure.{code}</c>.</summary>
    public string? FailureCode { get; private set; }

    /// <summary>What a sentence about the failure needs, as a JSON object of strings.</summary>
    public string? FailureArguments { get; private set; }

    /// <summary>The request that asked for it, to find it in the logs.</summary>
    public string RequestId { get; init; } = "";

    /// <summary>How many of the oldest messages did not fit into the prompt.</summary>
    public int OmittedMessages { get; private set; }

    /// <summary>The first message that was in the prompt where some were left out.</summary>
    public Guid? FirstIncludedId { get; private set; }

    /// <summary>Whether its owner found the answer good; null: they have not said.</summary>
    public bool? IsGood { get; private set; }

    /// <summary>Why.</summary>
    public RatingReasons RatingReasons { get; private set; }

    /// <summary>What they said of it; null: nothing.</summary>
    public string? RatingComment { get; private set; }

    /// <summary>When they said so.</summary>
    public DateTimeOffset? RatedAt { get; private set; }

    /// <summary>Until when the process that runs it has said that it lives.</summary>
    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>Whether it still goes on.</summary>
    public bool IsRunning => State is TurnState.Queued or TurnState.Running;

    /// <summary>Whether it failed for what may be mended at its connection: its service, its settings or its limits.</summary>
    public bool IsOfConnection => FailureCode is { } code && TurnFailures.IsOfConnection(code);

    /// <summary>Whether the answer ended before the model had said all, so that it can be continued.</summary>
    public bool IsCut => State is TurnState.Stopped or TurnState.Interrupted || FinishReason == "length";

    /// <summary>The model that answers.</summary>
    public ModelRef Model
    {
        get => new(ConnectionId, ModelId);
        init => (ConnectionId, ModelId) = value;
    }

    /// <summary>The model is being called.</summary>
    public void Start(DateTimeOffset at, int omittedMessages, Guid? firstIncludedId)
    {
        Require(TurnState.Queued);
        (State, StartedAt, OmittedMessages, FirstIncludedId) = (TurnState.Running, at, omittedMessages, firstIncludedId);
    }

    /// <summary>A model has begun to answer, over whichever connection, or for the one that was wanted.</summary>
    public void AnswerBy(CatalogModel model, bool isFallback, int omittedMessages, Guid? firstIncludedId)
    {
        Require(TurnState.Running);
        InsteadOf = isFallback ? ModelName : null;
        ((ConnectionId, ModelId), _modelName) = (model.Ref, model.Name);
        (OmittedMessages, FirstIncludedId) = (omittedMessages, firstIncludedId);
    }

    /// <summary>Somebody has looked in the chat's collections.</summary>
    public void Looked(int found) => Sources = found;

    /// <summary>A model has said the question in full.</summary>
    internal void SearchFor(string question, TaskAnswer told) =>
        (SearchedFor, SearchModelName, SearchTokens, SearchCostNanoUsd) = (question, told.Model.Name, told.InputTokens + told.OutputTokens, told.CostNanoUsd);

    /// <summary>It is answered with what had been kept.</summary>
    public void AnswerFromKept()
    {
        Require(TurnState.Running);
        WasKept = true;
    }

    /// <summary>Ends it, whichever way.</summary>
    public void End(TurnEnd end, DateTimeOffset at)
    {
        if (!IsRunning)
        {
            throw new InvalidOperationException($"A turn that is {State} cannot end as {end.State}.");
        }

        (State, EndedAt, FirstTokenAt, ReasoningMilliseconds) = (end.State, at, end.FirstTokenAt, end.ReasoningMilliseconds);
        (InputTokens, OutputTokens, TokensEstimated, CostNanoUsd) = (end.InputTokens, end.OutputTokens, end.TokensEstimated, end.CostNanoUsd);
        (FinishReason, ContextTokens) = (end.FinishReason, end.ContextTokens);
        FailureCode = end.Failure?.Code;
        FailureArguments = end.Failure is { Arguments.Count: > 0 } failure ? JsonSerializer.Serialize(failure.Arguments) : null;
    }

    /// <summary>Says what its owner thinks of the answer; null: they have taken it back.</summary>
    internal void Rate(Rating? rating, DateTimeOffset at) =>
        (IsGood, RatingReasons, RatingComment, RatedAt) = (rating?.IsGood, rating?.Reasons ?? RatingReasons.None, rating is { Comment: { Length: > 0 } comment } ? comment : null, rating is null ? null : at);

    /// <summary>The turn as it is now, which goes its own way from here.</summary>
    internal Turn Copy() => (Turn)MemberwiseClone();

    /// <summary>The same turn for a copy of its answer in another chat; nothing is run for it, and nobody has rated it.</summary>
    internal Turn CopyFor(Message answer, Guid questionId)
    {
        var copy = Copy();
        (copy.Id, copy.ConversationId, copy.QuestionId) = (answer.Id, answer.ConversationId, questionId);
        (copy.ClientMessageId, copy.ContinuesId) = (Guid.CreateVersion7(), null);
        copy.Rate(null, default);
        return copy;
    }

    private void Require(TurnState state)
    {
        if (State != state)
        {
            throw new InvalidOperationException($"The turn is {State}, not {state}.");
        }
    }

    internal sealed class Mapping : IEntityTypeConfiguration<Turn>
    {
        public void Configure(EntityTypeBuilder<Turn> builder)
        {
            builder.ToTable("turns");
            builder.Ignore(turn => turn.IsRunning).Ignore(turn => turn.IsCut).Ignore(turn => turn.IsOfConnection).Ignore(turn => turn.Model);
            builder.Property(turn => turn.ModelId).HasMaxLength(ModelRef.MaxModelIdLength);
            builder.HasOne<Message>().WithOne().HasForeignKey<Turn>(turn => turn.Id).OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(turn => new { turn.AccountId, turn.ClientMessageId }).IsUnique();
            builder.Property(turn => turn.RatingComment).HasMaxLength(Rating.MaxCommentLength);
            builder.HasIndex(turn => turn.RatedAt).HasFilter("\"RatedAt\" IS NOT NULL");
            // Few rows are running: the sweep and the "one at a time" rule look at those only.
            builder.HasIndex(turn => turn.ConversationId).HasFilter("\"State\" < 2");
        }
    }
}

/// <summary>Where a turn is. It ends in exactly one of the last four.</summary>
public enum TurnState
{
    /// <summary>Stored, waits for a place.</summary>
    Queued,

    /// <summary>The model is called or answers.</summary>
    Running,

    /// <summary>The model said all it had to say, or all it was allowed to.</summary>
    Complete,

    /// <summary>Somebody stopped it; what had come is kept.</summary>
    Stopped,

    /// <summary>The model could not be asked, or said no; there may be a part of an answer.</summary>
    Failed,

    /// <summary>The answer was cut: the connection broke, the server went down, or nobody said whether a tool may be called.</summary>
    Interrupted,
}

/// <summary>How a turn ended.</summary>
/// <param name="State">One of the four ends.</param>
/// <param name="Failure">Why, where it did not end well.</param>
public sealed record TurnEnd(TurnState State, Failure? Failure = null)
{
    /// <summary>When the first token came.</summary>
    public DateTimeOffset? FirstTokenAt { get; init; }

    /// <summary>Why the model stopped.</summary>
    public string? FinishReason { get; init; }

    /// <summary>How long the model thought.</summary>
    public int? ReasoningMilliseconds { get; init; }

    /// <summary>Tokens of the prompt.</summary>
    public int? InputTokens { get; init; }

    /// <summary>Tokens of the answer.</summary>
    public int? OutputTokens { get; init; }

    /// <summary>The counts are ours, not the service's.</summary>
    public bool TokensEstimated { get; init; }

    /// <summary>What the last of several calls of the model took.</summary>
    public int? ContextTokens { get; init; }

    /// <summary>In billionths of a US dollar.</summary>
    public long? CostNanoUsd { get; init; }
}
