using System.Runtime.CompilerServices;
using Microsoft.Win32.SafeHandles;

namespace Calango.Tests.UnrulyDouble;

/// <summary>What the plugin does where it is told to by <c>unruly.txt</c> in its folder, a line <c>place deed</c> each.</summary>
internal static class Misdeed
{
    private static readonly string Orders = Path.Combine(Path.GetDirectoryName(typeof(Misdeed).Assembly.Location)!, "unruly.txt");
    private static readonly List<byte[]> Hoard = [];

    private static volatile int _turns;

    /// <summary>Does what it is told to do at this place, if anything, and tells before whoever is in the same process: <c>AppContext</c> has the place by its orders' path.</summary>
    public static void At(string place)
    {
        if (OrderFor(place) is { } deed)
        {
            AppContext.SetData(Orders, place);
            Do(deed);
        }
    }

    /// <summary>As <see cref="At"/>; told to <c>wait</c>, it awaits what never comes.</summary>
    public static async Task AtAsync(string place)
    {
        if (OrderFor(place) is "wait")
        {
            await Task.Delay(Timeout.Infinite);
        }

        At(place);
    }

    /// <summary>Does it.</summary>
    public static void Do(string deed)
    {
        switch (deed)
        {
            case "throw":
                throw new InvalidOperationException("unruly");
            case "hang":
                new ManualResetEventSlim().Wait();
                break;
            case "spin":
                Spin();
                break;
            case "shout":
                Shout();
                break;
            case "overflow":
                Overflow(1);
                break;
            case "failfast":
                Environment.FailFast("unruly");
                break;
            case "exit":
                Environment.Exit(3);
                break;
            case "eat":
                Eat();
                break;
            case "devour":
                Devour();
                break;
            case "thread":
                var thread = new Thread(() => throw new NotSupportedException("unruly"));
                thread.Start();
                thread.Join();
                break;
        }
    }

    private static string? OrderFor(string place) =>
        File.Exists(Orders) ? File.ReadLines(Orders).Select(line => line.Split(' ')).FirstOrDefault(line => line[0] == place)?[1] : null;

    // As code does that is not .NET's: the console would have kept what it found when the process began.
    private static void Shout()
    {
        using var error = new StreamWriter(new FileStream(new SafeFileHandle(2, ownsHandle: false), FileAccess.Write));
        for (var line = 0; line < 200_000; line++)
        {
            error.WriteLine($"{line:D6} {new string('a', 100)}");
        }
    }

    // For ever; but the processor is not its own where the test has ended, which takes its folder away.
    private static void Spin()
    {
        while (File.Exists(Orders))
        {
            for (var turn = 0; turn < 100_000_000; turn++)
            {
                _turns = turn;
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    private static int Overflow(int depth) => Overflow(depth + 1) + depth;

    // To the last byte, and again whenever somebody else has let go of some.
    private static void Devour()
    {
        var bites = new List<object>();
        for (var size = 16 * 1024 * 1024; ; size = Math.Max(size / 2, 1))
        {
            try
            {
                while (true)
                {
                    bites.Add(new byte[size]);
                }
            }
            catch (OutOfMemoryException)
            {
                // A smaller piece may still be had.
            }
        }
    }

    private static void Eat()
    {
        while (true)
        {
            var piece = new byte[16 * 1024 * 1024];
            Array.Fill(piece, (byte)1);
            Hoard.Add(piece);
        }
    }
}
