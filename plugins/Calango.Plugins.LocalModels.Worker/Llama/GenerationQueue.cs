using System.Threading.Channels;

namespace Calango.Plugins.LocalModels.Worker.Llama;

// One generation at a time, in the order they came, all on one thread: the context belongs to it.
internal sealed class GenerationQueue : IDisposable
{
    private readonly Channel<Generation> waiting = Channel.CreateUnbounded<Generation>(new() { SingleReader = true });
    private readonly LlamaModel model;
    private readonly Thread thread;

    public GenerationQueue(LlamaModel model)
    {
        this.model = model;
        thread = new Thread(Run) { IsBackground = true, Name = "generation" };
        thread.Start();
    }

    public void Add(Generation generation) => waiting.Writer.TryWrite(generation);

    // Returns when the running generation has ended: its own token ends it.
    public void Dispose()
    {
        waiting.Writer.TryComplete();
        thread.Join();
    }

    private void Run()
    {
        var generator = new Generator(model);
        foreach (var generation in Waiting())
        {
            try
            {
                generation.Cancelled.ThrowIfCancellationRequested();
                generation.Complete(generator.Run(generation));
            }
            catch (Exception exception) when (exception is OperationCanceledException or LlamaException)
            {
                generation.Fail(exception);
            }
        }
    }

    private IEnumerable<Generation> Waiting() => waiting.Reader.ReadAllAsync(CancellationToken.None).ToBlockingEnumerable(CancellationToken.None);
}
