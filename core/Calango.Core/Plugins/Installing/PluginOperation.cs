namespace Calango.Core.Plugins;

/// <summary>Something that was done with a plugin, and how far it is. Immutable: one that goes on is followed by later ones with the same id.</summary>
public sealed record PluginOperation
{
    /// <summary>Rises with time.</summary>
    public required Guid Id { get; init; }

    /// <summary>What is done.</summary>
    public required PluginOperationKind Kind { get; init; }

    /// <summary>The plugin.</summary>
    public required string PluginId { get; init; }

    /// <summary>The version that it is about, as <c>1.2.0</c>; null: none.</summary>
    public string? Version { get; init; }

    /// <summary>The version that served before; null: none.</summary>
    public string? FromVersion { get; init; }

    /// <summary>Who asked for it; null: the server itself.</summary>
    public Guid? By { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it was decided; null: not yet. What drains and is unloaded afterwards goes on in <see cref="Steps"/>.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>How it ended.</summary>
    public PluginOutcome Outcome { get; init; }

    /// <summary>Why it failed; null: it didn't.</summary>
    public PluginRefusal? Failure { get; init; }

    /// <summary>Its steps, in their order.</summary>
    public IReadOnlyList<PluginOperationStep> Steps { get; init; } = [];

    /// <summary>The turns that it stopped.</summary>
    public IReadOnlyList<Guid> StoppedTurns { get; init; } = [];

    /// <summary>Whether the plugin's data are removed with it.</summary>
    public bool WithData { get; init; }

    /// <summary>Whether nothing more will be told of it.</summary>
    public bool IsOver => Outcome != PluginOutcome.Running && Steps.All(step => step.Outcome != PluginOutcome.Running);
}

/// <summary>One step of an operation.</summary>
/// <param name="Name">Which.</param>
/// <param name="Version">The version that takes it.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="EndedAt">When it ended; null: it goes on.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">Why it failed, or what it waits for, in plain English; null: all is well.</param>
public sealed record PluginOperationStep(
    PluginOperationStepName Name, string Version, DateTimeOffset StartedAt, DateTimeOffset? EndedAt = null, PluginOutcome Outcome = PluginOutcome.Running, string? Reason = null);

/// <summary>Why something was refused: the locale key <c>error.{Code}</c> and what fills it.</summary>
/// <param name="Code">The end of the key.</param>
/// <param name="Arguments">By placeholder.</param>
public sealed record PluginRefusal(string Code, IReadOnlyDictionary<string, string> Arguments);

/// <summary>What is done with a plugin.</summary>
public enum PluginOperationKind
{
    /// <summary>It is installed.</summary>
    Install,

    /// <summary>Another version takes its place.</summary>
    Update,

    /// <summary>The version before takes its place again.</summary>
    RollBack,

    /// <summary>It serves again.</summary>
    Enable,

    /// <summary>It serves no longer.</summary>
    Disable,

    /// <summary>It is removed.</summary>
    Remove,

    /// <summary>At a start, the server itself went back to another version or left it out.</summary>
    Recover,
}

/// <summary>The steps of an operation, in their order.</summary>
public enum PluginOperationStepName
{
    /// <summary>The package is read whole: files, signature, trust.</summary>
    Verify,

    /// <summary>Whether it could run here, from what its assemblies say.</summary>
    Preflight,

    /// <summary>It is unpacked into the store.</summary>
    Stage,

    /// <summary>Its code is loaded and says what it provides.</summary>
    Load,

    /// <summary>Its objects are made.</summary>
    Start,

    /// <summary>It is asked whether it can work.</summary>
    Health,

    /// <summary>New calls go to it.</summary>
    Activate,

    /// <summary>It takes no new calls, and those that run come to their end.</summary>
    Drain,

    /// <summary>What it started is ended, and its code leaves the memory.</summary>
    Unload,

    /// <summary>Its files are removed.</summary>
    Remove,
}

/// <summary>How an operation or a step ended.</summary>
public enum PluginOutcome
{
    /// <summary>It hasn't yet.</summary>
    Running,

    /// <summary>As it should.</summary>
    Done,

    /// <summary>It could not be done; what was there before is there still.</summary>
    Failed,

    /// <summary>The process ended meanwhile.</summary>
    Interrupted,
}
