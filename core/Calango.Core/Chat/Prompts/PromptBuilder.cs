using System.Globalization;
using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Models;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>Makes the prompt of a turn: what the person wants each model to know, the chat's system prompt, as much of the path as fits, and the question.</summary>
internal sealed class PromptBuilder(Database database, PersonalNotes notes, PromptPictures pictures)
{
    // Read the path in parts: a chat of ten thousand messages has most of them outside any window.
    private const int ReadAtOnce = 64;

    // Of what a prompt may have: the chat itself matters more.
    private const double PersonalShare = 0.25;

    private const string ContinueInstruction = "Continue exactly where your last message stopped. Don't repeat any of it, and add no introduction.";

    /// <summary>Builds the prompt for a turn.</summary>
    /// <exception cref="RejectedException"><c>prompt.tooLong</c>: the question alone is far beyond the window; <c>picture.unseen</c>: it has pictures, and the model sees none.</exception>
    public async Task<Prompt> BuildAsync(TurnRun run, CatalogModel model, CancellationToken cancellationToken)
    {
        var (turn, conversation) = (run.Turn, run.Conversation);
        var budget = PromptBudget.Of(conversation, model);
        var history = new List<Message>();
        var system = await SystemPromptAsync(conversation, budget, cancellationToken);
        var used = system is null ? 0 : TokenEstimate.Of(system) + TokenEstimate.PerMessage;
        var sources = SourcePrompt.Of(run.Sources, run.UnreadDocuments);
        used += sources is null ? 0 : TokenEstimate.Of(sources) + TokenEstimate.PerMessage;
        Guid? next = turn.ContinuesId ?? turn.QuestionId;
        while (next is { } leaf)
        {
            var read = leaf == run.Question.Id && run.Question.ParentId is null ? [run.Question] : await ReadUpFromAsync(leaf, cancellationToken);
            var fitting = read.TakeWhile(message => message.Id == turn.QuestionId || message.Id == turn.ContinuesId
                || used + message.Tokens + TokenEstimate.PerMessage <= budget.Tokens)
                .TakeWhile(message => (used += message.Tokens + TokenEstimate.PerMessage) > 0).ToList();
            history.AddRange(fitting);
            next = fitting.Count == read.Count ? read[^1].ParentId : null;
        }

        RefuseHopeless(used, budget, history.Count);
        // An answer without its question would open the prompt: services want a user's message first.
        while (history.Count > 1 && history[^1].Role == MessageRole.Assistant)
        {
            history.RemoveAt(history.Count - 1);
        }

        var oldest = history[^1];
        // Without tools to call, services refuse earlier calls: then the answers' text is all that is sent.
        var uses = conversation.HadTools && run.Tools.Declarations.Count > 0
            ? await database.ReadAsync(db => ToolUses.OfAsync(db, history.ConvertAll(message => message.Id), cancellationToken), cancellationToken)
            : Enumerable.Empty<ToolUse>().ToLookup(use => use.TurnId);
        var seen = await pictures.ForAsync(run, history, model);
        return new Prompt(MessagesOf(system, history, turn, sources, uses, seen), OptionsOf(conversation, model, run.Tools), used, oldest.Depth - 1, oldest.Depth > 1 ? oldest.Id : null);
    }

    /// <summary>The prompt of a trace, as it was sent then.</summary>
    public async Task<Prompt> RepeatAsync(TurnTrace trace, OfferedTools tools, CancellationToken cancellationToken)
    {
        var messages = Prompt.MessagesOf(trace);
        return Prompt.From(trace, messages, tools, await pictures.OfAsync(messages.SelectMany(message => message.Pictures ?? []), cancellationToken));
    }

    // One message: not every service takes two. What the chat says comes last, and so goes before what holds for all.
    private async Task<string?> SystemPromptAsync(Conversation conversation, PromptBudget budget, CancellationToken cancellationToken)
    {
        var personal = conversation.IsImpersonal ? null : (await notes.FindAsync(conversation.AccountId, cancellationToken)).ToPrompt((int)(budget.Tokens * PersonalShare));
        return (personal, conversation.SystemPrompt) is ({ } person, { } chat) ? $"{person}\n\n{chat}" : personal ?? conversation.SystemPrompt;
    }

    private Task<List<Message>> ReadUpFromAsync(Guid leaf, CancellationToken cancellationToken) =>
        database.ReadAsync(db => MessagePath.UpFromAsync(db, leaf, ReadAtOnce, cancellationToken), cancellationToken);

    private static void RefuseHopeless(int tokens, PromptBudget budget, int messages)
    {
        // Our count is an estimate, so only what is far beyond is refused here; the service has the last word on the rest.
        if (messages <= 2 && tokens > budget.Tokens * 1.5)
        {
            throw new RejectedException(
                "prompt.tooLong", ("tokens", tokens.ToString("N0", CultureInfo.InvariantCulture)), ("limit", budget.Tokens.ToString("N0", CultureInfo.InvariantCulture)));
        }
    }

    private static List<ChatMessage> MessagesOf(string? system, List<Message> newestFirst, Turn turn, string? sources, ILookup<Guid, ToolUse> uses, ILookup<Guid, AIContent> pictures)
    {
        var messages = new List<ChatMessage>(newestFirst.Count + 2);
        if (system is not null)
        {
            messages.Add(new ChatMessage(ChatRole.System, system));
        }

        for (var i = newestFirst.Count - 1; i >= 0; i--)
        {
            var message = newestFirst[i];
            if (sources is not null && message.Id == turn.QuestionId)
            {
                messages.Add(new ChatMessage(ChatRole.User, sources));
            }

            if (uses.Contains(message.Id))
            {
                messages.AddRange(ToolUses.Messages(message.Text, uses[message.Id]));
            }
            else if (message.Text.Length > 0 || pictures.Contains(message.Id))
            {
                List<AIContent> contents = message.Text.Length > 0 ? [new TextContent(message.Text), .. pictures[message.Id]] : [.. pictures[message.Id]];
                messages.Add(new ChatMessage(message.Role == MessageRole.User ? ChatRole.User : ChatRole.Assistant, contents));
            }
        }

        if (turn.ContinuesId is not null)
        {
            messages.Add(new ChatMessage(ChatRole.User, ContinueInstruction));
        }

        return messages;
    }

    private static ChatOptions OptionsOf(Conversation conversation, CatalogModel model, OfferedTools tools) => new()
    {
        ModelId = model.Ref.ModelId,
        Temperature = (float?)conversation.Temperature,
        MaxOutputTokens = conversation.MaxOutputTokens,
        Tools = tools.Declarations.Count > 0 ? [.. tools.Declarations] : null,
    };
}
