namespace Calango.Architecture.Tests;

internal static class Rule
{
    /// <summary>Fails with every offender on a line of its own; xunit would cut the list short.</summary>
    public static void IsBrokenByNone(IEnumerable<string> offenders)
    {
        string[] all = [.. offenders.Distinct().Order(StringComparer.Ordinal)];
        Assert.True(all.Length == 0, $"{all.Length} break the rule:\n{string.Join('\n', all)}");
    }
}
