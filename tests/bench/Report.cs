using System.Globalization;

namespace Calango.Bench;

/// <summary>Collects the rows and prints them side by side.</summary>
internal sealed class Report(Machine machine)
{
    private readonly string _before = Machine.Describe();
    private readonly List<(string What, string Calango, string Relay, string Ratio, string Goal)> _rows = [];

    /// <summary>How many goals were missed: the exit code.</summary>
    public int MissedGoals { get; private set; }

    /// <summary>A figure beside the relay's, with the goal for their ratio.</summary>
    public void Compare(string what, string unit, double calango, double relay, double goal, bool more = false)
    {
        var ratio = calango / relay;
        Add(what, Show(calango, unit), Show(relay, unit), Show(ratio, "×"), (more ? "≥ " : "≤ ") + Show(goal, "×"), more ? ratio >= goal : ratio <= goal);
    }

    /// <summary>A figure of its own, with a goal.</summary>
    public void Limit(string what, string unit, double calango, double goal) =>
        Add(what, Show(calango, unit), "", "", "≤ " + Show(goal, unit), calango <= goal);

    /// <summary>A figure without a goal.</summary>
    public void Note(string what, string calango, string relay = "") => _rows.Add((what, calango, relay, "", ""));

    public void Print()
    {
        Console.WriteLine($"Before: {_before}");
        Console.WriteLine($"After:  {Machine.Describe()}");
        Console.WriteLine($"Model:  {machine.Upstream}");
        Console.WriteLine();
        Console.WriteLine("| what | calango | relay | ratio | goal |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var (what, calango, relay, ratio, goal) in _rows)
        {
            Console.WriteLine($"| {what} | {calango} | {relay} | {ratio} | {goal} |");
        }
    }

    public static double Median(IEnumerable<double> values) => Percentile(values, 50);

    public static double Percentile(IEnumerable<double> values, double percent)
    {
        var sorted = values.Order().ToArray();
        return sorted.Length == 0 ? double.NaN : sorted[(int)Math.Min(sorted.Length - 1, percent / 100 * sorted.Length)];
    }

    public static string Show(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0.###} {unit}").Trim();

    private void Add(string what, string calango, string relay, string ratio, string goal, bool met)
    {
        MissedGoals += met ? 0 : 1;
        _rows.Add((what, calango, relay, ratio, goal + (met ? " ✓" : " ✗")));
    }
}
