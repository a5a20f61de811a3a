using System.Runtime.CompilerServices;

namespace Calango.Tests.UnrulyDouble;

/// <summary>What the plugin does where it is told to by <c>unruly.txt</c> in its folder, a line <c>place deed</c> each.</summary>
internal static class Misdeed
{
    private static readonly List<byte[]> Hoard = [];

    /// <summary>Does what it is told to do at this place, if anything.</summary>
    public static void At(string place)
    {
        var file = Path.Combine(Path.GetDirectoryName(typeof(Misdeed).Assembly.Location)!, "unruly.txt");
        if (File.Exists(file) && File.ReadLines(file).Select(line => line.Split(' ')).FirstOrDefault(line => line[0] == place) is { } line)
        {
            Do(line[1]);
        }
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
                while (true)
                {
                }

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
