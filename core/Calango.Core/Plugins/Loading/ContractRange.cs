using System.Text.RegularExpressions;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>A range of contract versions in interval notation: <c>[1.0,2.0)</c> is 1.0 and later, before 2.0.</summary>
internal sealed partial record ContractRange(Version From, Version Below)
{
    private static readonly Version Current = typeof(IPlugin).Assembly.GetName().Version!;

    /// <summary>The version that this server has.</summary>
    public static string Present => Current.ToString(2);

    public static ContractRange Parse(string text) =>
        Form().Match(text) is { Success: true } match
            && Version.TryParse(match.Groups[1].ValueSpan, out var from) && Version.TryParse(match.Groups[2].ValueSpan, out var below)
            ? new ContractRange(from, below)
            : throw new PluginRejectedException($"{PluginManifest.FileName}: contract is '{text}', wanted: e.g. [1.0,2.0)");

    /// <summary>Whether this server's version is in it.</summary>
    public bool HasCurrent => Current >= From && Current < Below;

    public void RequireCurrent()
    {
        if (!HasCurrent)
        {
            throw new PluginRejectedException($"it needs contract [{From},{Below}); this server has {Current.ToString(2)}");
        }
    }

    [GeneratedRegex(@"^\[([0-9.]+),([0-9.]+)\)$", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
