namespace Calango.Core.Plugins;

/// <summary>A plugin cannot be loaded. The message is for the operator.</summary>
public sealed class PluginRejectedException(string message) : Exception(message);
