using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>Puts tool calls together from their pieces.</summary>
internal sealed class ToolCalls
{
    private readonly List<Call> _calls = [];

    public void Add(List<ToolCallDelta>? deltas)
    {
        foreach (var delta in deltas ?? [])
        {
            CallOf(delta).Append(delta);
        }
    }

    /// <summary>The calls so far, in order; afterwards there are none.</summary>
    public IReadOnlyList<FunctionCallContent> Take()
    {
        FunctionCallContent[] calls = [.. _calls.Where(call => call.Name.Length > 0).Select(FromOpenAi.ToolCall)];
        _calls.Clear();
        return calls;
    }

    // Pieces belong together by index; a new id at the same index is the next call, from services that send 0 for all.
    private Call CallOf(ToolCallDelta delta)
    {
        var call = _calls.FindLast(call => call.Index == delta.Index);
        if (call is null || (delta.Id is { Length: > 0 } id && call.Id is not null && call.Id != id))
        {
            call = new Call(delta.Index);
            _calls.Add(call);
        }

        return call;
    }

    internal sealed class Call(int index)
    {
        private readonly StringBuilder _arguments = new();

        public int Index { get; } = index;

        public string? Id { get; private set; }

        public string Name { get; private set; } = "";

        public string Arguments => _arguments.ToString();

        /// <summary>The service's id, or one of our own where it gave none.</summary>
        public string IdOrIndex => Id ?? string.Create(CultureInfo.InvariantCulture, $"call_{Index}");

        public void Append(ToolCallDelta delta)
        {
            Id ??= delta.Id is { Length: > 0 } id ? id : null;
            // A name comes whole; some services repeat it with each piece.
            Name = delta.Name is { Length: > 0 } name ? name : Name;
            _arguments.Append(delta.Arguments);
        }
    }
}
