namespace Calango.Bench;

/// <summary>A server that can be asked, as its own page asks it.</summary>
internal interface ITarget
{
    string Name { get; }

    /// <summary>Null: not ours to measure.</summary>
    ServerProcess? Process { get; }

    /// <summary>Someone with a chat of their own.</summary>
    IChat NewChat();
}

/// <summary>A chat in which one turn is asked after another.</summary>
internal interface IChat
{
    /// <summary>Does all that a page does for one message, and gives each piece of the answer as it comes.</summary>
    Task AskAsync(string prompt, Action<ReadOnlyMemory<byte>> onData, CancellationToken cancellationToken);
}
