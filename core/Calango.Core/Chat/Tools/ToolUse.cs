using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Calango.Core.Chat;

/// <summary>One call of a tool in an answer: what the model wanted, and what came of it.</summary>
public sealed partial class ToolUse
{
    /// <summary>Id.</summary>
    public Guid Id { get; private set; }

    /// <summary>The answer's turn.</summary>
    public Guid TurnId { get; private set; }

    /// <summary>Its place among the answer's, from 0.</summary>
    public int Position { get; init; }

    /// <summary>Which of the answer's calls of the model wanted it, from 0.</summary>
    public int Round { get; init; }

    /// <summary>Where in the answer's text it stands, in UTF-16 units.</summary>
    public int Offset { get; internal set; }

    /// <summary>The id under which the model's service knows the call.</summary>
    public string CallId { get; init; } = "";

    /// <summary>The tool, as the model names it.</summary>
    public string Name { get; init; } = "";

    /// <summary>The tool, for people.</summary>
    public string Title { get; init; } = "";

    /// <summary>The server that has it, for people; empty: no tool of this name was offered.</summary>
    public string ServerName { get; init; } = "";

    /// <summary>How a person's rule names it; empty: no tool of this name was offered.</summary>
    public string Key { get; init; } = "";

    /// <summary>What the model sent along: JSON, as it came.</summary>
    public string Arguments { get; init; } = "{}";

    /// <summary>Where it is.</summary>
    public ToolUseState State { get; private set; }

    /// <summary>What the model was told: the tool's result, or why there is none.</summary>
    public string Result { get; private set; } = "";

    /// <summary>The result is that of the same call before.</summary>
    public bool WasKept { get; private set; }

    /// <summary>When the model wanted it.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the tool was called; null: it wasn't.</summary>
    public DateTimeOffset? StartedAt { get; private set; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Whether something will still come of it.</summary>
    public bool IsOpen => State is ToolUseState.Waiting or ToolUseState.Running;

    internal static ToolUse Of(Guid turnId, int position, int round, int offset, DateTimeOffset at, string callId, string name, string title, string serverName, string key, string arguments) => new()
    {
        Id = Guid.CreateVersion7(at),
        TurnId = turnId,
        Position = position,
        Round = round,
        Offset = offset,
        CallId = callId,
        Name = name,
        Title = title,
        ServerName = serverName,
        Key = key,
        Arguments = arguments,
        CreatedAt = at,
    };

    internal void Start(DateTimeOffset at) => (State, StartedAt) = (ToolUseState.Running, at);

    internal void End(ToolUseState state, string result, DateTimeOffset at, bool wasKept = false) =>
        (State, Result, EndedAt, WasKept) = (state, result, at, wasKept);

    internal ToolUse Copy() => (ToolUse)MemberwiseClone();

    /// <summary>The same for a copy of its answer; nothing is called for it.</summary>
    internal ToolUse CopyFor(Guid turnId)
    {
        var copy = Copy();
        (copy.Id, copy.TurnId) = (Guid.CreateVersion7(), turnId);
        return copy;
    }

    internal sealed class Mapping : IEntityTypeConfiguration<ToolUse>
    {
        public void Configure(EntityTypeBuilder<ToolUse> builder)
        {
            builder.ToTable("tool_uses");
            builder.Ignore(use => use.IsOpen);
            builder.HasOne<Turn>().WithMany().HasForeignKey(use => use.TurnId).OnDelete(DeleteBehavior.Cascade);
            builder.HasIndex(use => new { use.TurnId, use.Position });
        }
    }
}

/// <summary>Where a call of a tool is. It ends in one of the last four.</summary>
public enum ToolUseState
{
    /// <summary>It waits for a person's word, or to be called in a moment.</summary>
    Waiting,

    /// <summary>The tool was called.</summary>
    Running,

    /// <summary>There is a result.</summary>
    Done,

    /// <summary>The tool could not be called, or says that something went wrong.</summary>
    Failed,

    /// <summary>A person said no.</summary>
    Denied,

    /// <summary>The turn ended before: it is not known whether the tool did it.</summary>
    Interrupted,
}

/// <summary>What a person says to a call that waits.</summary>
public enum ToolDecision
{
    /// <summary>This once.</summary>
    Allow,

    /// <summary>Now and from now on.</summary>
    AllowAlways,

    /// <summary>No.</summary>
    Deny,
}
