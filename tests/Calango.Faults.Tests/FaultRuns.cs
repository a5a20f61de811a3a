using System.Globalization;
using Calango.Tests.Fixtures;

// Most of the time something is waited for: a start, an answer, the end of an outage.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]

namespace Calango.Faults.Tests;

/// <summary>
/// Tries a fault as often as is wanted and has the oracle judge each time. What came of it is a line of the table that
/// <c>./calango faults</c> prints: the test's name begins with the fault's id.
/// </summary>
internal static class FaultRuns
{
    private static readonly string Table = Path.Combine(TestFolders.Artifacts, "faults", "rows.tsv");
    private static readonly Lock Writing = new();

    private static readonly int? Asked =
        int.TryParse(Environment.GetEnvironmentVariable("CALANGO_FAULT_RUNS"), CultureInfo.InvariantCulture, out var runs) ? runs : null;

    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    /// <summary>Whether the faults are tried in full, not as a part of all tests.</summary>
    public static bool InFull => Asked is not null;

    /// <summary>How often a fault is tried.</summary>
    /// <param name="brief">As a part of all tests.</param>
    /// <param name="full">In full, where CALANGO_FAULT_RUNS is 100; with another number in proportion.</param>
    public static int Count(int brief, int full) => Asked is { } asked ? Math.Max(1, full * asked / 100) : brief;

    /// <summary>Tries it once.</summary>
    public static Task RunAsync(DatabaseKind kind, Func<Installation, Task> fault, Conditions? conditions = null) =>
        RunAsync(kind, 1, (installation, _) => fault(installation), conditions);

    /// <summary>Tries it on one installation, again and again.</summary>
    public static async Task RunAsync(DatabaseKind kind, int runs, Func<Installation, int, Task> fault, Conditions? conditions = null)
    {
        Installation? installation = null;
        try
        {
            await RunAsync(kind, runs, async run =>
            {
                installation ??= await Installation.StartAsync(kind, CancellationToken, conditions);
                await TryAsync(installation, () => fault(installation, run));
                return await installation.Oracle.BreaksAsync(CancellationToken, withEarlier: run == runs);
            });
        }
        finally
        {
            if (installation is not null)
            {
                var worst = installation.Oracle.WorstLoss;
                TestContext.Current.TestOutputHelper?.WriteLine(
                    $"{kind}: {installation.Ledger.Messages.Count} messages taken; the worst loss was {worst.Words} words, up to {worst.Age.TotalMilliseconds:0} ms old");
                await installation.DisposeAsync();
            }
        }
    }

    /// <summary>Tries what needs no installation, or more than one; each time says what was broken.</summary>
    public static async Task RunAsync(DatabaseKind kind, int runs, Func<int, Task<IReadOnlyList<string>>> fault)
    {
        var breaks = new List<string>();
        var start = TimeProvider.System.GetTimestamp();
        var done = 0;
        while (done < runs && await TryAsync(++done, fault, breaks))
        {
        }

        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        Report(kind, done, breaks.Count, seconds);
        Assert.True(breaks.Count == 0, string.Join(Environment.NewLine, breaks));
    }

    private static async Task TryAsync(Installation installation, Func<Task> fault)
    {
        try
        {
            await fault();
        }
        catch (Exception)
        {
            foreach (var line in installation.Server.Log.TakeLast(20))
            {
                TestContext.Current.TestOutputHelper?.WriteLine(line);
            }

            throw;
        }
    }

    // What else than the oracle finds something wrong has left the installation who knows how: nothing more is tried on it.
    private static async Task<bool> TryAsync(int run, Func<int, Task<IReadOnlyList<string>>> fault, List<string> breaks)
    {
        try
        {
            breaks.AddRange((await fault(run)).Select(line => $"run {run}: {line}"));
            return true;
        }
        catch (Exception exception) when (!CancellationToken.IsCancellationRequested)
        {
            TestContext.Current.TestOutputHelper?.WriteLine($"run {run}: {exception}");
            breaks.Add($"run {run}: {exception.Message}");
            return false;
        }
    }

    private static void Report(DatabaseKind kind, int runs, int breaks, double seconds)
    {
        var name = TestContext.Current.TestMethod!.MethodName;
        var id = name[..name.IndexOf('_', StringComparison.Ordinal)];
        var line = string.Create(CultureInfo.InvariantCulture, $"{id}\t{name[(id.Length + 1)..].Replace('_', ' ')}\t{kind}\t{runs}\t{breaks}\t{seconds:0}\n");
        lock (Writing)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Table)!);
            File.AppendAllText(Table, line);
        }
    }
}
