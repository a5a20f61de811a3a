using System.Diagnostics;

namespace Calango.Bench;

/// <summary>What a closed loop of users found out.</summary>
internal sealed record LoadResult(int Turns, int Failed, double Seconds, double CpuSeconds, IReadOnlyList<double> FirstTokens)
{
    public double TurnsPerSecond => Turns / Seconds;

    public double CpuMillisecondsPerTurn => CpuSeconds * 1000 / Math.Max(1, Turns);
}

/// <summary>Users who ask again as soon as they have their answer.</summary>
internal static class Load
{
    private const int TurnsPerChat = 10;

    public static async Task<LoadResult> RunAsync(ITarget target, int users, string prompt, TimeSpan time, int mostTurns = int.MaxValue)
    {
        var firstTokens = new List<double>();
        int left = mostTurns, turns = 0, failed = 0;
        var cpu = (target.Process?.CpuSeconds ?? 0);
        var stopwatch = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, users).Select(_ => Task.Run(WorkAsync)));
        return new LoadResult(turns, failed, stopwatch.Elapsed.TotalSeconds, (target.Process?.CpuSeconds ?? 0) - cpu, firstTokens);

        async Task WorkAsync()
        {
            var chat = target.NewChat();
            for (var asked = 1; stopwatch.Elapsed < time && Interlocked.Decrement(ref left) >= 0; asked++)
            {
                var stamps = new Stamps();
                await chat.AskAsync(prompt, stamps.Read, CancellationToken.None);
                lock (firstTokens)
                {
                    (turns, failed) = stamps.FirstToken is { } first ? (turns + 1, failed) : (turns, failed + 1);
                    firstTokens.Add(stamps.FirstToken ?? double.NaN);
                }

                chat = asked % TurnsPerChat == 0 ? target.NewChat() : chat;
            }
        }
    }

    /// <summary>Until code is compiled and pools are filled: what comes after is what an hour of use looks like.</summary>
    public static Task WarmAsync(ITarget target) => RunAsync(target, users: 4, "warm [[n=30 s=10]]", TimeSpan.FromSeconds(30), mostTurns: 2_000);
}
