namespace Calango.Plugins.Tools;

/// <summary>What a tool cannot do, in words for the model.</summary>
internal sealed class ToolFailure(string message) : Exception(message);
