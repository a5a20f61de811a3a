using Calango.Bench;

// Usage: calango bench retrieval FOLDER… [--setting VALUE…], calango bench ingest FILE…, or calango bench [ROW…]   Rows: start first-token turns flood streams chat search login page. README.md says what each is.
if (args is ["retrieval", .. var rest])
{
    return await RetrievalBench.RunAsync(rest);
}

if (args is ["ingest", .. var files])
{
    return await IngestBench.RunAsync(files);
}

var rows = args.Length > 0 ? args : ["start", "first-token", "turns", "flood", "streams", "chat", "search", "login", "page"];
await using var machine = await Machine.StartAsync();
var report = new Report(machine);
foreach (var row in rows)
{
    Console.Error.WriteLine($"… {row}");
    await (row switch
    {
        "start" => Starting.MeasureAsync(machine, report),
        "first-token" => FirstToken.MeasureAsync(machine, report),
        "turns" => Throughput.MeasureTurnsAsync(machine, report),
        "flood" => Throughput.MeasureFloodAsync(machine, report),
        "streams" => Streams.MeasureAsync(machine, report),
        "chat" => LongChat.MeasureAsync(machine, report),
        "search" => Searching.MeasureAsync(machine, report),
        "login" => Enumeration.MeasureAsync(machine, report),
        "page" => PageWeight.MeasureAsync(machine, report),
        _ => throw new ArgumentException($"There is no row '{row}'."),
    });
}

report.Print();
return report.MissedGoals;
