using System.Reflection;

namespace Calango.Architecture.Tests.Sdk;

/// <summary>All that a plugin can name, one line each: what a release promises to keep.</summary>
internal static class Surface
{
    private const string Separator = " | ";

    // The server implements these and plugins call them: a new member breaks nobody.
    private static readonly string[] OfTheServer = ["IPluginBuilder", "IPluginHttp", "IChildProcesses", "IChildProcess"];

    public static IReadOnlyList<string> Of(Assembly assembly) =>
        [.. from type in Signatures.TypesOf(assembly)
            from line in Signatures.MembersOf(type).Select(Signatures.Of).Prepend(Signatures.Of(type))
            select $"{type.Name}{Separator}{line}"];

    /// <summary>What plugins that were written against the one would miss in the other, or would have to do for it.</summary>
    public static IEnumerable<string> Breaks(IReadOnlyCollection<string> released, IReadOnlyCollection<string> present)
    {
        var types = released.Select(TypeOf).ToHashSet();
        var gone = released.Where(line => !present.Contains(line) && !present.Contains(line.Replace($"{Separator}abstract ", $"{Separator}virtual ", StringComparison.Ordinal)))
            .Select(line => $"gone or changed: {line}");
        var demanded = present.Except(released).Where(line => types.Contains(TypeOf(line)) && IsDemand(line)).Select(line => $"plugins of before lack it: {line}");
        return gone.Concat(demanded);
    }

    // A new required property breaks whoever makes such an object, a new abstract member whoever implements the interface.
    private static bool IsDemand(string line) =>
        MemberOf(line).StartsWith("required ", StringComparison.Ordinal)
        || (MemberOf(line).StartsWith("abstract ", StringComparison.Ordinal) && !OfTheServer.Contains(TypeOf(line)));

    private static string TypeOf(string line) => line.Split(Separator)[0];

    private static string MemberOf(string line) => line.Split(Separator)[1];
}
