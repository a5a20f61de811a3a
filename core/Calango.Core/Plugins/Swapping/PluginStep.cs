namespace Calango.Core.Plugins;

/// <summary>One step of a plugin's way into or out of service, told as it begins and as it ends, and where it must wait between.</summary>
/// <param name="PluginId">The plugin.</param>
/// <param name="Version">The version that takes the step: while one is replaced, two are on their ways.</param>
/// <param name="Name">Which step.</param>
/// <param name="Took">How long it took, without the wait; null: it has only begun, or waits.</param>
/// <param name="Reason">Why it failed, or what it waits for, in plain English; null: all is well.</param>
public sealed record PluginStep(string PluginId, string Version, PluginStepName Name, TimeSpan? Took, string? Reason);

/// <summary>The steps of a plugin, in their order.</summary>
public enum PluginStepName
{
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
}
