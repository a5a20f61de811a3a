using System.Globalization;
using System.Text;

namespace Calango.Core.Knowledge;

/// <summary>What a site allows robots to fetch (RFC 9309).</summary>
internal sealed class Robots
{
    private const string Name = "calango";
    private const double LongestPause = 10;

    /// <summary>Everything.</summary>
    public static readonly Robots AllowAll = new([]);

    private readonly List<(bool Allows, string Path)> _rules = [];

    private Robots(IEnumerable<string> lines) => Read(lines);

    /// <summary>How long it wants to be left alone between two requests.</summary>
    public TimeSpan Pause { get; private set; }

    /// <summary>Reads them as a site has written them.</summary>
    public static Robots Parse(byte[] body) => new(Encoding.UTF8.GetString(body).Split('\n', '\r'));

    /// <summary>Whether an address may be fetched: what says most of it counts.</summary>
    public bool Allow(Uri address)
    {
        var path = address.PathAndQuery;
        return _rules.Where(rule => Matches(path, rule.Path)).OrderByDescending(rule => rule.Path.Length).ThenByDescending(rule => rule.Allows).Select(rule => (bool?)rule.Allows).FirstOrDefault() ?? true;
    }

    // What is said to us counts, else what is said to all.
    private void Read(IEnumerable<string> lines)
    {
        var groups = new Dictionary<string, List<(string Field, string Value)>>(StringComparer.OrdinalIgnoreCase);
        List<string> agents = [];
        var begun = false;
        foreach (var line in lines)
        {
            if (line.Split('#')[0].Split(':', 2) is not [var name, var text])
            {
                continue;
            }

            var (field, value) = (name.Trim().ToLowerInvariant(), text.Trim());
            if (field == "user-agent")
            {
                agents = begun ? [value] : [.. agents, value];
                begun = false;
                continue;
            }

            begun = true;
            foreach (var agent in agents)
            {
                groups.TryAdd(agent, []);
                groups[agent].Add((field, value));
            }
        }

        foreach (var (field, value) in groups.GetValueOrDefault(Name) ?? groups.GetValueOrDefault("*") ?? [])
        {
            if (field is "allow" or "disallow" && value.Length > 0)
            {
                _rules.Add((field == "allow", value));
            }
            else if (field == "crawl-delay" && double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds > 0)
            {
                Pause = TimeSpan.FromSeconds(Math.Min(seconds, LongestPause));
            }
        }
    }

    // A star is anything, a dollar at the end is the end. Each part is found at its first place, so nothing is tried twice.
    private static bool Matches(string path, string rule)
    {
        var isWhole = rule.EndsWith('$');
        var parts = (isWhole ? rule[..^1] : rule).Split('*');
        if (!path.StartsWith(parts[0], StringComparison.Ordinal))
        {
            return false;
        }

        var at = parts[0].Length;
        foreach (var part in parts.Skip(1))
        {
            var found = path.IndexOf(part, at, StringComparison.Ordinal);
            if (found < 0)
            {
                return false;
            }

            at = found + part.Length;
        }

        return !isWhole || at == path.Length || (parts.Length > 1 && path.EndsWith(parts[^1], StringComparison.Ordinal));
    }
}
