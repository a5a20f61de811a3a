using Calango.Core.Chat;

namespace Calango.Core.Exchange;

/// <summary>
/// Makes a chat of ours of one of another program. What a model and its tools wrote one after another becomes one answer; where it forks, the
/// answers are each other's alternatives. Ids follow from the names there, so that the same chat is the same chat again.
/// </summary>
internal sealed class ForeignTree
{
    private readonly Guid _accountId;
    private readonly string _source;
    private readonly ForeignChat _chat;
    private readonly ImportLosses _losses;
    private readonly ILookup<string?, ForeignMessage> _children;
    private readonly Dictionary<string, ForeignMessage> _byKey;
    private readonly Dictionary<string, Guid> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<Guid, ExchangedMessage> _messages = [];
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly Stack<Step> _open = new();

    private ForeignTree(Guid accountId, string source, ForeignChat chat, ImportLosses losses)
    {
        (_accountId, _source, _chat, _losses) = (accountId, source, chat, losses);
        var distinct = chat.Messages.DistinctBy(message => message.Key).ToList();
        losses.Note("twice", chat.Messages.Count - distinct.Count);
        _byKey = distinct.ToDictionary(message => message.Key, StringComparer.Ordinal);
        _children = distinct.ToLookup(message => ParentOf(message));
    }

    /// <summary>Makes it; null: nobody has said anything in it.</summary>
    public static ChatFile? Of(Guid accountId, string source, ForeignChat chat, ImportLosses losses) => new ForeignTree(accountId, source, chat, losses).Build();

    private ChatFile? Build()
    {
        _losses.Note("orphan", _byKey.Values.Count(message => message.ParentKey is { } parent && !_byKey.ContainsKey(parent)));
        Walk(_children[null]);
        foreach (var message in _byKey.Values.Where(message => !_seen.Contains(message.Key)))
        {
            if (!_seen.Contains(message.Key))
            {
                _losses.Note("circle");
                Walk([message]);
            }
        }

        if (_messages.Count == 0)
        {
            _losses.Note("empty");
            return null;
        }

        var head = Head();
        Show(head);
        var messages = _messages.Values.Select((message, place) => message with { Sequence = place + 1 }).ToList();
        var created = _chat.CreatedAt ?? _byKey.Values.Select(message => message.At).Where(at => at is not null).Min();
        return new ChatFile(
            new ExchangedChat(DerivedId.Of(_accountId, _source, _chat.Key, created), _chat.Title, created ?? DateTimeOffset.MinValue, _chat.ActiveAt ?? _byKey.Values.Max(message => message.At) ?? created ?? DateTimeOffset.MinValue)
            {
                TitleSource = string.IsNullOrWhiteSpace(_chat.Title) ? TitleSource.None : TitleSource.Person,
                SystemPrompt = string.IsNullOrWhiteSpace(_chat.SystemPrompt) ? null : _chat.SystemPrompt,
                Temperature = _chat.Temperature,
                HeadId = head,
            },
            messages);
    }

    private string? ParentOf(ForeignMessage message) => message.ParentKey is { } parent && _byKey.ContainsKey(parent) ? parent : null;

    private void Walk(IEnumerable<ForeignMessage> roots)
    {
        Push(roots, null, []);
        while (_open.TryPop(out var step))
        {
            if (step.Message.Role == ForeignRole.Person)
            {
                TakeQuestion(step);
            }
            else
            {
                TakeAnswer(step);
            }
        }
    }

    private void Push(IEnumerable<ForeignMessage> messages, Guid? parentId, List<ForeignMessage> said)
    {
        // The first is to be taken first.
        foreach (var message in messages.Reverse())
        {
            if (_seen.Add(message.Key))
            {
                _open.Push(new Step(message, parentId, said.Count > 0 ? said : []));
            }
        }
    }

    private void TakeQuestion(Step step)
    {
        var (message, parentId) = (step.Message, step.ParentId);
        var text = string.Join("\n\n", message.Parts.OfType<ForeignPart.Said>().Select(part => part.Text.Trim('\n')).Where(part => part.Trim().Length > 0));
        if (text.Length == 0)
        {
            _losses.Note("emptyMessage");
        }
        else
        {
            parentId = Put(message, new ExchangedMessage(IdOf(message), parentId, 0, MessageRole.User, text, message.At ?? DateTimeOffset.MinValue));
        }

        Push(_children[message.Key], parentId, []);
    }

    // As long as nothing else follows, what comes next belongs to the same answer.
    private void TakeAnswer(Step step)
    {
        var said = step.Said;
        if (step.Message.Role == ForeignRole.Model)
        {
            said.Add(step.Message);
        }

        var children = _children[step.Message.Key].ToList();
        if (said.Count == 0 || children is [{ Role: not ForeignRole.Person }])
        {
            Push(children, step.ParentId, said);
        }
        else
        {
            Push(children, PutAnswer(said, step.ParentId), []);
        }
    }

    private Guid? PutAnswer(List<ForeignMessage> said, Guid? parentId)
    {
        var answer = new ForeignAnswer();
        foreach (var part in said.SelectMany(message => message.Parts))
        {
            answer.Add(part);
        }

        if (answer.IsEmpty)
        {
            _losses.Note("emptyMessage");
            return parentId;
        }

        var last = said[^1];
        var id = IdOf(last);
        var at = last.At ?? said[0].At ?? DateTimeOffset.MinValue;
        var model = said.LastOrDefault(message => message.Model is not null)?.Model ?? _chat.Model ?? "";
        foreach (var message in said)
        {
            _ids.TryAdd(message.Key, id);
        }

        return Put(last, new ExchangedMessage(id, parentId, 0, MessageRole.Assistant, answer.Text, at)
        {
            Reasoning = answer.Reasoning,
            ToolUses = answer.UsesAt(at, _source, place => DerivedId.Of(_accountId, _source, $"{_chat.Key}\n{last.Key}\n{place}", last.At)),
            Turn = new PastTurn(last.IsCut ? TurnState.Interrupted : TurnState.Complete, model, model, Guid.Empty, said[0].At ?? at)
            {
                EndedAt = at,
                FinishReason = last.IsCut ? null : "stop",
                InputTokens = last.InputTokens,
                OutputTokens = last.OutputTokens,
            },
        });
    }

    private Guid Put(ForeignMessage message, ExchangedMessage made)
    {
        _messages.TryAdd(made.Id, made);
        _ids[message.Key] = made.Id;
        return made.Id;
    }

    private Guid IdOf(ForeignMessage message) => DerivedId.Of(_accountId, _source, $"{_chat.Key}\n{message.Key}", message.At);

    // What is current there may be something that is nothing here: what it follows is, then.
    private Guid Head()
    {
        var (key, steps) = (_chat.CurrentKey, 0);
        while (key is not null && steps++ <= _byKey.Count)
        {
            if (_ids.TryGetValue(key, out var id))
            {
                return id;
            }

            key = _byKey.TryGetValue(key, out var message) ? ParentOf(message) : null;
        }

        return _messages.Keys.Last();
    }

    private void Show(Guid head)
    {
        for (var (child, parent) = (head, _messages[head].ParentId); parent is { } id; (child, parent) = (id, _messages[id].ParentId))
        {
            _messages[id] = _messages[id] with { SelectedChildId = child };
        }
    }

    /// <summary>A message that is to be taken, what it follows here, and what of its answer was said before it.</summary>
    private sealed record Step(ForeignMessage Message, Guid? ParentId, List<ForeignMessage> Said);
}
