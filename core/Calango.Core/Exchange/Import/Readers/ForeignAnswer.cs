using System.Text;
using Calango.Core.Chat;

namespace Calango.Core.Exchange;

/// <summary>Makes one answer of the parts that a model and its tools wrote: the text, and where in it which tool was called.</summary>
internal sealed class ForeignAnswer
{
    private readonly StringBuilder _text = new();
    private readonly StringBuilder _reasoning = new();
    private readonly List<(string Tool, string Arguments, string? Key, int Offset, string? Result, bool Failed)> _uses = [];

    /// <summary>The text.</summary>
    public string Text => _text.ToString();

    /// <summary>What the model thought; null: nothing.</summary>
    public string? Reasoning => _reasoning.Length > 0 ? _reasoning.ToString() : null;

    /// <summary>There is nothing in it.</summary>
    public bool IsEmpty => _text.Length == 0 && _reasoning.Length == 0 && _uses.Count == 0;

    /// <summary>Adds a part.</summary>
    public void Add(ForeignPart part)
    {
        switch (part)
        {
            case ForeignPart.Said said:
                Append(_text, said.Text);
                break;
            case ForeignPart.Thought thought:
                Append(_reasoning, thought.Text);
                break;
            case ForeignPart.Call call:
                _uses.Add((call.Tool, call.Arguments, call.Key, _text.Length, null, false));
                break;
            case ForeignPart.Result result:
                var open = _uses.FindLastIndex(use => result.Key is { } key ? use.Key == key : use.Result is null);
                if (open < 0)
                {
                    _uses.Add((result.Tool, "{}", result.Key, _text.Length, result.Text, result.Failed));
                }
                else
                {
                    _uses[open] = _uses[open] with { Result = _uses[open].Result is { } before ? $"{before}\n\n{result.Text}" : result.Text, Failed = result.Failed };
                }

                break;
        }
    }

    /// <summary>The calls of tools, each with an id of its place; null: there are none.</summary>
    public IReadOnlyList<PastToolUse>? UsesAt(DateTimeOffset at, string server, Func<int, Guid> idOf) => _uses.Count == 0 ? null :
    [
        .. _uses.Select((use, place) => new PastToolUse(
            idOf(place), use.Result is null ? ToolUseState.Interrupted : use.Failed ? ToolUseState.Failed : ToolUseState.Done, use.Tool, use.Tool, server, use.Arguments, use.Result ?? "", at)
        {
            Round = place, Offset = use.Offset, CallId = use.Key ?? "",
        }),
    ];

    private static void Append(StringBuilder text, string more)
    {
        if (string.IsNullOrWhiteSpace(more))
        {
            return;
        }

        text.Append(text.Length > 0 ? "\n\n" : "").Append(more.Trim('\n'));
    }
}
