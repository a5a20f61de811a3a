namespace Calango.Sdk;

/// <summary>
/// Has tools that models may call. The kernel checks arguments against the schema, asks people where that is wanted, limits
/// the time and cuts the result: a source only does what it is told. Called concurrently and for many servers.
/// </summary>
public interface IToolSource
{
    /// <summary>The settings that a server of it has. See <see cref="SettingsSchema"/>.</summary>
    IReadOnlyList<SettingField> Settings { get; }

    /// <summary>There is one server of it, which needs no setting up; else administrators add servers.</summary>
    bool HasOneServer => Settings.All(setting => setting.Level == SettingLevel.Person);

    /// <summary>
    /// The tools that a server has now. Called before each turn that may use them, so what is known already is answered at
    /// once, and what has changed is there the next time.
    /// </summary>
    /// <exception cref="ProviderException">With the kind that says what is wrong.</exception>
    Task<IReadOnlyList<ToolInfo>> ListAsync(ToolServerSettings server, CancellationToken cancellationToken);

    /// <summary>
    /// Does what a tool does, once: it is never called a second time for the same call. A result that says what went wrong
    /// goes to the model, which may do better; an exception is for what the model cannot mend.
    /// </summary>
    /// <exception cref="ProviderException">With the kind that says what is wrong.</exception>
    Task<ToolResult> InvokeAsync(ToolServerSettings server, ToolCall call, CancellationToken cancellationToken);

    /// <summary>A server was removed, switched off or set up anew: what is open for it ends, each person's too.</summary>
    Task CloseAsync(Guid serverId);

    /// <summary>What a person entered for a server was removed or changed: what is open for them there ends.</summary>
    /// <param name="serverId">The server.</param>
    /// <param name="person">As <see cref="ToolServerSettings.Person"/>.</param>
    Task CloseAsync(Guid serverId, Guid person) => Task.CompletedTask;
}

/// <summary>A server of tools with what was entered for it.</summary>
/// <param name="Id">Stays.</param>
/// <param name="Version">Another one once anything of it has changed.</param>
/// <param name="Values">Its settings, secrets in clear.</param>
public sealed record ToolServerSettings(Guid Id, Guid Version, SettingsValues Values)
{
    /// <summary>
    /// Whose own values are among them: an id that says nothing else of the person; null: nobody's, they are everybody's.
    /// What is kept of a server (a connection, a list) is kept for each person apart.
    /// </summary>
    public Guid? Person { get; init; }
}

/// <summary>A tool, as data.</summary>
/// <param name="Name">Unique within its server.</param>
/// <param name="Description">For the model: what it does, when to call it. Only in English, like all that models read.</param>
/// <param name="Schema">The JSON schema of its arguments, an object's.</param>
/// <param name="Effect">What calling it does.</param>
public sealed record ToolInfo(string Name, string Description, string Schema, ToolEffect Effect)
{
    /// <summary>For people, where it has a better name; not translated.</summary>
    public string? Title { get; init; }
}

/// <summary>What calling a tool does.</summary>
public enum ToolEffect
{
    /// <summary>The same arguments always give the same result, and nothing outside is asked.</summary>
    Pure,

    /// <summary>It looks something up and changes nothing, but who is asked learns of it.</summary>
    ReadOnly,

    /// <summary>It may change something.</summary>
    Changing,
}

/// <summary>A call of a tool.</summary>
/// <param name="Tool">Its name.</param>
/// <param name="Arguments">A JSON object that its schema permits.</param>
public sealed record ToolCall(string Tool, string Arguments);

/// <summary>What a tool says.</summary>
/// <param name="Text">For the model, and shown to people as it is.</param>
/// <param name="IsError">It says what went wrong.</param>
public sealed record ToolResult(string Text, bool IsError = false);
