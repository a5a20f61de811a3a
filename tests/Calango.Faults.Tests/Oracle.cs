using System.Net;
using System.Text.Json;
using Calango.Core.Chat;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;

namespace Calango.Faults.Tests;

/// <summary>
/// Compares what clients were told with what is stored and shown, after any fault. Each break of a promise is one line
/// that begins with its number:
/// I1 a message that was taken is stored; I2 each turn ends, once; I3 a message sent again is the same turn; I4 the
/// order of a chat has no gap; I5 a streamed text is the stored one; I6 a kill costs at most a second or 256 tokens, and
/// shows; I7 usage is counted once; I9 a saved setting stays; I10 nobody sees another's data.
/// </summary>
internal sealed class Oracle(Installation installation)
{
    private const int TokensAtRisk = 256;
    private const string StrangersWords = "nobody but me may read this";
    private static readonly TimeSpan TimeAtRisk = TimeSpan.FromSeconds(1);

    private readonly Guid _strangersChat = Guid.CreateVersion7();
    private readonly Guid _strangersTurn = Guid.CreateVersion7();
    private List<string> _breaks = [];
    private int _looked;

    /// <summary>The most that a kill has cost so far: words that a page had shown, and for how long it had.</summary>
    public (int Words, TimeSpan Age) WorstLoss { get; private set; }

    /// <summary>Asks that nothing is broken.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken) => Assert.Empty(await BreaksAsync(cancellationToken));

    /// <summary>What is broken, waiting first until no turn runs; empty: nothing was lost.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="withEarlier">Whether the pages are looked at again that an earlier call has found right.</param>
    public async Task<IReadOnlyList<string>> BreaksAsync(CancellationToken cancellationToken, bool withEarlier = true)
    {
        _breaks = [];
        await LookForRunningTurnsAsync(cancellationToken);
        var stored = await ReadAsync(cancellationToken);
        LookForLostMessages(stored);
        LookForWrongEnds(stored);
        LookForDuplicates(stored);
        LookForGaps(stored);
        LookForWrongUsage(stored);
        LookForLostSettings(stored);
        await LookForWrongTextsAsync(stored, withEarlier ? 0 : _looked, cancellationToken);
        await LookForStrangersAsync(stored, cancellationToken);
        return _breaks;
    }

    /// <summary>Whether a question is stored now.</summary>
    public Task<bool> IsStoredAsync(string question, CancellationToken cancellationToken) => installation.Data.ReadAsync(
        db => db.Set<Message>().AnyAsync(message => message.Role == MessageRole.User && message.Text == question, cancellationToken), cancellationToken);

    /// <summary>Stores a chat of somebody else.</summary>
    public Task AddStrangerAsync(CancellationToken cancellationToken) => installation.Data.WriteAsync(
        async db =>
        {
            var stranger = new Account { Id = Guid.CreateVersion7() };
            var question = MessageOfStranger(Guid.CreateVersion7(), null, 1, MessageRole.User);
            var answer = MessageOfStranger(_strangersTurn, question.Id, 2, MessageRole.Assistant);
            var turn = new Turn(answer.Id, _strangersChat, question.Id, Guid.CreateVersion7(), null) { AccountId = stranger.Id };
            turn.End(new TurnEnd(TurnState.Complete), turn.CreatedAt);
            db.Add(stranger);
            db.Add(new Conversation { Id = _strangersChat, AccountId = stranger.Id, HeadId = answer.Id, LastSequence = 2, Title = StrangersWords });
            await db.SaveChangesAsync(cancellationToken);
            db.AddRange(question, answer, turn);
            await db.SaveChangesAsync(cancellationToken);
        },
        cancellationToken);

    private Message MessageOfStranger(Guid id, Guid? parentId, int place, MessageRole role) => new()
    {
        Id = id,
        ConversationId = _strangersChat,
        ParentId = parentId,
        Sequence = place,
        Depth = place,
        Role = role,
        Text = StrangersWords,
    };

    private async Task LookForRunningTurnsAsync(CancellationToken cancellationToken)
    {
        try
        {
            await Eventually.HoldsAsync(
                "every turn has ended",
                () => installation.Data.ReadAsync(db => db.Set<Turn>().AllAsync(turn => turn.State >= TurnState.Complete, cancellationToken), cancellationToken),
                cancellationToken);
        }
        catch (TimeoutException)
        {
            Break("I2", "a turn still runs after 30 s");
        }
    }

    private Task<Stored> ReadAsync(CancellationToken cancellationToken) => installation.Data.ReadAsync(
        async db => new Stored(
            await db.Set<Conversation>().ToListAsync(cancellationToken),
            (await db.Set<Message>().ToListAsync(cancellationToken)).ToDictionary(message => message.Id),
            (await db.Set<Turn>().ToListAsync(cancellationToken)).ToDictionary(turn => turn.Id),
            (await db.Set<TurnTrace>().ToListAsync(cancellationToken)).ToDictionary(trace => trace.Id)),
        cancellationToken);

    private void LookForLostMessages(Stored stored)
    {
        var turns = stored.Turns.Values.ToLookup(turn => turn.ClientMessageId);
        foreach (var sent in installation.Ledger.Messages)
        {
            var turn = turns[sent.ClientMessageId].FirstOrDefault();
            if (turn is null || stored.Messages[turn.QuestionId].Text != sent.Text || turn.ConversationId != sent.ConversationId)
            {
                Break("I1", $"'{sent.Text}' was taken but isn't stored in its chat");
            }
        }
    }

    private void LookForWrongEnds(Stored stored)
    {
        foreach (var turn in stored.Turns.Values.Where(turn => turn.EndedAt is null))
        {
            Break("I2", $"turn {turn.Id} is {turn.State} without an end");
        }

        foreach (var reader in installation.Ledger.Readers.Where(reader => reader.HasEnded))
        {
            if (stored.Turns[reader.TurnId].State.ToString() != reader.State)
            {
                Break("I2", $"turn {reader.TurnId} was shown as {reader.State} and is stored as {stored.Turns[reader.TurnId].State}");
            }
        }

        foreach (var answer in stored.Messages.Values.Where(message => message.Role == MessageRole.Assistant && !stored.Turns.ContainsKey(message.Id)))
        {
            Break("I2", $"answer {answer.Id} has no turn");
        }
    }

    private void LookForDuplicates(Stored stored)
    {
        foreach (var twice in stored.Turns.Values.GroupBy(turn => turn.ClientMessageId).Where(group => group.Count() > 1))
        {
            Break("I3", $"message {twice.Key} became {twice.Count()} turns");
        }

        var questionsOf = stored.Messages.Values.Where(message => message.Role == MessageRole.User).ToLookup(message => message.Text);
        var turnsOf = stored.Turns.Values.ToLookup(turn => turn.QuestionId);
        var requestsOf = installation.Upstream.Requests.ToLookup(request => request.LastUserText);
        foreach (var text in installation.Ledger.Messages.Select(sent => (sent.Text, sent.ClientMessageId)).Distinct().GroupBy(sent => sent.Text))
        {
            var questions = questionsOf[text.Key].ToList();
            var turns = questions.SelectMany(question => turnsOf[question.Id]).ToList();
            var asked = requestsOf[text.Key].Count();
            if (questions.Count != text.Count() || asked > turns.Sum(turn => Math.Max(1, stored.CallsOf(turn))))
            {
                Break("I3", $"'{text.Key}' was sent {text.Count()} times, is stored {questions.Count} times in {turns.Count} turns, and the model was asked {asked} times");
            }
        }
    }

    private void LookForGaps(Stored stored)
    {
        var messages = stored.Messages.Values.ToLookup(message => message.ConversationId);
        foreach (var chat in stored.Conversations)
        {
            var places = messages[chat.Id].Select(message => message.Sequence).Order().ToList();
            if (!places.SequenceEqual(Enumerable.Range(1, places.Count).Select(place => (long)place)) || chat.LastSequence != places.Count)
            {
                Break("I4", $"chat {chat.Id} has the places {string.Join(", ", places)} and says {chat.LastSequence}");
            }
        }
    }

    private void LookForWrongUsage(Stored stored)
    {
        foreach (var turn in stored.Turns.Values.Where(turn => turn.Id != _strangersTurn && turn.State == TurnState.Complete))
        {
            if (turn is not { InputTokens: 7, OutputTokens: > 0, TokensEstimated: false })
            {
                Break("I7", $"turn {turn.Id} counts {turn.InputTokens} + {turn.OutputTokens} tokens, estimated: {turn.TokensEstimated}");
            }
        }
    }

    private void LookForLostSettings(Stored stored)
    {
        foreach (var saved in installation.Ledger.Prompts.GroupBy(saved => saved.ConversationId))
        {
            if (stored.Conversations.Find(chat => chat.Id == saved.Key)?.SystemPrompt != saved.Last().Text)
            {
                Break("I9", $"the system prompt of chat {saved.Key} was saved and is not there");
            }
        }
    }

    private async Task LookForWrongTextsAsync(Stored stored, int first, CancellationToken cancellationToken)
    {
        using var visitor = installation.Server.Visit();
        await Eventually.HoldsAsync("the server is ready", () => IsReadyAsync(visitor.Http, cancellationToken), cancellationToken);
        var readers = installation.Ledger.Readers.ToList();
        _looked = readers.Count;
        foreach (var reader in readers.Skip(first))
        {
            var (turn, message) = (stored.Turns[reader.TurnId], stored.Messages[reader.TurnId]);
            var page = await visitor.GetAsync($"/chat/{reader.ConversationId}?message={reader.TurnId}", cancellationToken);
            var article = page.GetElementById($"message-{reader.TurnId}")!;
            var shown = PageReader.TextOf(article);
            if (reader.HasEnded && (reader.Text != shown || reader.Reasoning != (message.Reasoning ?? "")))
            {
                Break("I5", $"turn {turn.Id} was streamed as '{reader.Text}' and is shown as '{shown}'");
            }

            if (Squeezed(await visitor.Http.GetStringAsync($"/chat/{reader.ConversationId}/messages/{reader.TurnId}/source", cancellationToken)) != Squeezed(message.Text))
            {
                Break("I5", $"the source of turn {turn.Id} is not what is stored");
            }

            if (reader is { WasCut: true, HasEnded: false })
            {
                LookForTooMuchLost(reader, turn, shown, article.OuterHtml);
            }
        }
    }

    // A connection to the database that a fault broke is noticed by whoever uses it next.
    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        using var response = await http.GetAsync("/health/ready", cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private void LookForTooMuchLost(PageReader reader, Turn turn, string shown, string html)
    {
        var lost = reader.LostFrom(shown);
        WorstLoss = lost.Words > WorstLoss.Words ? lost : WorstLoss;
        if (lost.Words > TokensAtRisk && lost.Age > TimeAtRisk)
        {
            Break("I6", $"turn {turn.Id} lost {lost.Words} words, up to {lost.Age.TotalMilliseconds:0} ms old");
        }

        var (longer, shorter) = reader.Text.Length > shown.Length ? (reader.Text, shown) : (shown, reader.Text);
        if (!Squeezed(longer).StartsWith(Squeezed(shorter), StringComparison.Ordinal))
        {
            Break("I6", $"turn {turn.Id} was streamed as '{reader.Text}' and kept as '{shown}'");
        }

        var interrupted = turn is { State: TurnState.Interrupted, FailureCode: not null } && html.Contains("data-failure", StringComparison.Ordinal)
            && html.Contains($"/messages/{turn.Id}/continuation", StringComparison.Ordinal);
        if (turn.State != TurnState.Complete && !interrupted)
        {
            Break("I6", $"turn {turn.Id} is {turn.State} and does not say that it was interrupted, or cannot be continued");
        }
    }

    private async Task LookForStrangersAsync(Stored stored, CancellationToken cancellationToken)
    {
        using var visitor = installation.Server.Visit();
        string[] paths = [$"/chat/{_strangersChat}", $"/chat/{_strangersChat}/messages/{_strangersTurn}/source", $"/turns/{_strangersTurn}/events", $"/turns/{_strangersTurn}/trace"];
        foreach (var path in paths)
        {
            using var response = await visitor.Http.GetAsync(path, cancellationToken);
            if (response.StatusCode != HttpStatusCode.NotFound)
            {
                Break("I10", $"{path} answered {response.StatusCode} to somebody else");
            }
        }

        var page = await visitor.Http.GetStringAsync("/", cancellationToken);
        if (page.Contains(StrangersWords, StringComparison.Ordinal) || stored.Messages.Values.Count(message => message.Text == StrangersWords) != 2)
        {
            Break("I10", "a stranger's chat was shown or changed");
        }

        var others = installation.Ledger.Readers.Select(reader => reader.TurnId).Where(id => stored.Turns[id].AccountId != Account.LocalId);
        foreach (var id in others)
        {
            Break("I10", $"turn {id} went to another account");
        }
    }

    private static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private void Break(string promise, string what) => _breaks.Add($"{promise}: {what}");

    private sealed record Stored(
        List<Conversation> Conversations, Dictionary<Guid, Message> Messages, Dictionary<Guid, Turn> Turns, Dictionary<Guid, TurnTrace> Traces)
    {
        // A call that a kill cut off is not among those that the trace has.
        public int CallsOf(Turn turn) =>
            (Traces.TryGetValue(turn.Id, out var trace) ? JsonDocument.Parse(trace.Attempts).RootElement.GetArrayLength() : 0) + (turn.FailureCode == "server.lost" ? 1 : 0);
    }
}
