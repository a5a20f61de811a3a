using System.Threading.Channels;

namespace Calango.Plugins.LocalModels.Worker.Llama;

// One generation at a time, in the order they came, all on one thread: the context belongs to it.
internal sealed class GenerationQueue : IDisposable
{
    private readonly Channel<Generation> _waiting = Channel.CreateUnbounded<Generation>(new() { SingleReader = true });
    private readonly LlamaModel _model;
    private readonly Thread _thread;

    public GenerationQueue(LlamaModel model)
    {
        _model = model;
        _thread = new Thread(Run) { IsBackground = true, Name = "generation" };
        _thread.Start();
    }

    public void Add(Generation generation) => _waiting.Writer.TryWrite(generation);

    // Returns when the running generation has ended: its own token ends it.
    public void Dispose()
    {
        _waiting.Writer.TryComplete();
        _thread.Join();
    }

    private void Run()
    {
        var generator = new Generator(_model);
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

    private IEnumerable<Generation> Waiting() => _waiting.Reader.ReadAllAsync(CancellationToken.None).ToBlockingEnumerable(CancellationToken.None);
}
