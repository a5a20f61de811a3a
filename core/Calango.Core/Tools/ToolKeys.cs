namespace Calango.Core.Tools;

/// <summary>How tools are named where a person chooses: a server and a tool of it, or all that it has.</summary>
public static class ToolKeys
{
    private const int MaxKeys = 200, MaxLength = 300;
    private const string All = "*";

    /// <summary>One tool's.</summary>
    public static string Of(Guid serverId, string tool) => $"{serverId:N}/{tool}";

    /// <summary>That of all tools of a server, also of those that it will have.</summary>
    public static string OfAll(Guid serverId) => Of(serverId, All);

    /// <summary>Whether a choice has a tool in it.</summary>
    public static bool Have(IReadOnlyCollection<string> chosen, CatalogTool tool) => chosen.Contains(tool.Key) || chosen.Contains(OfAll(tool.Server.Id));

    /// <summary>Whether a choice has any tool of a server in it.</summary>
    public static bool HaveAnyOf(IReadOnlyCollection<string> chosen, Guid serverId) => chosen.Any(key => key.StartsWith(Of(serverId, ""), StringComparison.Ordinal));

    /// <summary>What is stored of a choice: what is no key is left out.</summary>
    public static string Join(IEnumerable<string> keys) => string.Join('\n', keys.Where(IsKey).Distinct().Take(MaxKeys));

    /// <summary>A stored choice.</summary>
    public static IReadOnlyList<string> Split(string keys) => keys.Length == 0 ? [] : keys.Split('\n');

    private static bool IsKey(string key) =>
        key.Length is > 33 and <= MaxLength && key[32] == '/' && Guid.TryParseExact(key[..32], "N", out _) && !key.Any(char.IsControl);
}
