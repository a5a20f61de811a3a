using System.Text.Json;

namespace Calango.Core.Plugins;

/// <summary>How a plugin ended the server's process.</summary>
internal enum ProcessEnd
{
    /// <summary>It asked for the end.</summary>
    Exit,

    /// <summary>It called <see cref="Environment.FailFast(string)"/>.</summary>
    FailFast,

    /// <summary>Its calls went too deep.</summary>
    StackOverflow,

    /// <summary>It took what memory there was.</summary>
    OutOfMemory,
}

/// <summary>A plugin that ended the server's process.</summary>
/// <param name="Id">The plugin.</param>
/// <param name="Version">As the store's folder is named; of a built-in plugin, its version.</param>
/// <param name="How">How it did; null: nobody knows, but it was being started.</param>
internal sealed record Culprit(string Id, string Version, ProcessEnd? How)
{
    /// <summary>The end of the locale key <c>error.{code}</c>.</summary>
    public string Code => How is { } how ? $"plugin.crashed.{JsonNamingPolicy.CamelCase.ConvertName(how.ToString())}" : "plugin.crashed";
}
