namespace Calango.Core.Plugins;

/// <summary>The code of one generation of a plugin, wherever it runs. It is loaded when this is there.</summary>
internal interface IPluginCode
{
    /// <summary>The memory of the process that is its own, in bytes; null: it has none.</summary>
    long? MemoryBytes { get; }

    /// <summary>Raised with the reason where it ended by itself and won't come back.</summary>
    event Action<string>? GaveUp;

    /// <summary>Makes the plugin's objects. Runs its code.</summary>
    PluginParts Start();

    /// <summary>Asks the plugin whether it can work. Runs its code.</summary>
    /// <exception cref="PluginRejectedException">It cannot, with the reason.</exception>
    void CheckHealth(PluginParts parts);

    /// <summary>Ends all that the plugin started. Runs its code.</summary>
    Task StopAsync();

    /// <summary>Lets go of the code. Returns what knows whether it is still in memory; null: it never was, in this process.</summary>
    WeakReference? Unload();

    /// <summary>Never lets go of it: the process is about to end.</summary>
    void KeepUntilExit();
}

/// <summary>What a plugin has that the server calls, behind the guard.</summary>
internal sealed record PluginParts(
    IReadOnlyList<GuardedProvider> Providers, GuardedLocalModels? LocalModels, GuardedEventSink? EventSink, GuardedToolSource? ToolSource, GuardedBlobStore? BlobStore, GuardedPassageIndex? PassageIndex)
{
    public static PluginParts None { get; } = new([], null, null, null, null, null);
}
