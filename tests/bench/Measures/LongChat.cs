using System.Diagnostics;

namespace Calango.Bench;

/// <summary>Opening a chat of 10 messages, of 1,000, and of 10,000.</summary>
internal static class LongChat
{
    private const int Times = 20;

    public static async Task MeasureAsync(Machine machine, Report report)
    {
        var folder = machine.NewFolder();
        int[] lengths = [10, 1_000, 10_000];
        var chats = new List<Guid>();
        foreach (var length in lengths)
        {
            chats.AddRange(await Seeding.WriteAsync(folder, 1, length));
        }

        await using var process = (await machine.StartCalangoAsync(folder)).Process;
        foreach (var (chat, length) in chats.Zip(lengths))
        {
            var times = new List<double>();
            var bytes = 0;
            for (var i = 0; i < Times; i++)
            {
                var stopwatch = Stopwatch.StartNew();
                bytes = (await process.Http.GetByteArrayAsync($"chat/{chat}")).Length;
                times.Add(stopwatch.Elapsed.TotalMilliseconds);
            }

            report.Limit($"open a chat of {length} messages, p50", "ms", Report.Median(times), 1_000);
            report.Limit($"its page, uncompressed", "KB", bytes / 1024.0, 300);
        }
    }
}
