namespace Calango.Core.Plugins;

/// <summary>How a plugin stands at one moment, for people.</summary>
/// <param name="Id">From its manifest; the folder's name where that could not be read.</param>
/// <param name="Manifest">Of the version that serves, else of the last that was tried; null where it could not be read.</param>
/// <param name="State">Where it is.</param>
/// <param name="Reason">Why the last try to load it failed, in plain English; null: it did not fail.</param>
public sealed record PluginStatus(string Id, PluginManifest? Manifest, PluginState State, string? Reason = null)
{
    /// <summary>How often the kernel called it since the server started, all its versions together.</summary>
    public long Calls { get; init; }

    /// <summary>How many turns it had a part in, as <see cref="Calls"/>.</summary>
    public long Turns { get; init; }

    /// <summary>How many use the version that serves at this moment.</summary>
    public long Running { get; init; }

    /// <summary>The memory of the process of its own, in bytes; null: it runs in the server's.</summary>
    public long? ProcessMemoryBytes { get; init; }

    /// <summary>How the version that serves failed last; null: it didn't.</summary>
    public PluginError? LastError { get; init; }

    /// <summary>Its other versions in memory: those on their way in or out, and those that did not leave.</summary>
    public IReadOnlyList<PluginGenerationStatus> Others { get; init; } = [];
}

/// <summary>How one load of a plugin stands that doesn't serve.</summary>
/// <param name="Version">Its version.</param>
/// <param name="State">Where it is.</param>
/// <param name="Running">How many still use it.</param>
public sealed record PluginGenerationStatus(string Version, PluginState State, long Running);

/// <summary>A failure of a plugin's code that its contract doesn't know.</summary>
/// <param name="What">The name of the exception's type, whose message may quote what a person wrote; why the process ended; empty where there is neither.</param>
/// <param name="At">When.</param>
/// <param name="Kind">How it failed.</param>
public sealed record PluginError(string What, DateTimeOffset At, PluginErrorKind Kind);

/// <summary>How a plugin's code failed.</summary>
public enum PluginErrorKind
{
    /// <summary>A call of it threw.</summary>
    Failed,

    /// <summary>It let an exception escape on a thread of its own: nobody knows what it left undone.</summary>
    Unhandled,

    /// <summary>The process of its own ended.</summary>
    ProcessEnded,

    /// <summary>It did not end a call that was given up, which may go on until the server is restarted.</summary>
    LeftBehind,
}

/// <summary>Where a plugin is.</summary>
public enum PluginState
{
    /// <summary>Its code is being loaded.</summary>
    Loading,

    /// <summary>Its objects are made and checked.</summary>
    Starting,

    /// <summary>It serves.</summary>
    Active,

    /// <summary>It takes no new calls; some still run.</summary>
    Draining,

    /// <summary>What it started is being ended, and its code unloaded.</summary>
    Stopping,

    /// <summary>Nothing of it is in memory.</summary>
    Unloaded,

    /// <summary>It was unloaded, but something still holds its code in memory.</summary>
    Zombie,

    /// <summary>It could not be loaded.</summary>
    Failed,
}
