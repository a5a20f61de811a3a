using System.Globalization;
using System.Runtime.InteropServices;
using Calango.Tests.Support.Upstream;

// Usage: calango-upstream [--port N] [--reply "n=200 r=50"] [--model NAME]…   Prints its address, runs until SIGTERM or SIGINT.
var port = 0;
var reply = new UpstreamReply();
var models = new List<string>();
for (var i = 0; i + 1 < args.Length; i += 2)
{
    switch (args[i])
    {
        case "--port": port = int.Parse(args[i + 1], CultureInfo.InvariantCulture); break;
        case "--reply": reply = reply.WithPairs(args[i + 1]); break;
        case "--model": models.Add(args[i + 1]); break;
        default: Console.Error.WriteLine($"unknown option {args[i]}"); return 2;
    }
}

await using var upstream = await ScriptedUpstream.StartAsync(port);
upstream.Default = reply;
upstream.Models = models.Count > 0 ? models : upstream.Models;
Console.WriteLine(upstream.Address);

var stop = new TaskCompletionSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}

using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
await stop.Task;
return 0;
