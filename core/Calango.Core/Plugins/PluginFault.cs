namespace Calango.Core.Plugins;

/// <summary>
/// A plugin's code threw something that is not in the contract. Strings only: an exception of the plugin's own would
/// keep its code in memory for as long as anybody holds it.
/// </summary>
public sealed class PluginFault(string pluginId, string exceptionType, string detail)
    : Exception($"The plugin '{pluginId}' failed with {exceptionType}.")
{
    /// <summary>The plugin.</summary>
    public string PluginId { get; } = pluginId;

    /// <summary>The name of the exception's type.</summary>
    public string ExceptionType { get; } = exceptionType;

    /// <summary>The stack, without messages: they may carry what a person wrote.</summary>
    public string Detail { get; } = detail;

    /// <summary>The <see cref="ExceptionType"/> where no plugin has thrown.</summary>
    internal const string NotServingType = "NotServing", StoppedType = "Stopped", ProcessEndedType = "ProcessEnded";

    /// <summary>No plugin that serves has what was asked for.</summary>
    internal static PluginFault NotServing(string id) => new(id, NotServingType, "");

    /// <summary>The call was cut: somebody wanted the plugin gone at once.</summary>
    internal static PluginFault Stopped(string id) => new(id, StoppedType, "");
}
