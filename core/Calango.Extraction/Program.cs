using Calango.Extraction;

using var input = Console.OpenStandardInput();
var request = Lifeline.ReadRequest(input);
using var output = new LineWriter(Console.OpenStandardOutput());
Lifeline.Watch(input);

// A page nested a hundred thousand deep is read by recursion, here and in libraries.
var reading = new Thread(() => Job.Run(request, output), maxStackSize: 256 << 20);
reading.Start();
reading.Join();
// A thread that waits for the end of the input must not keep the process.
Environment.Exit(0);
