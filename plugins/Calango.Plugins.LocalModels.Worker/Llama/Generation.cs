using System.Threading.Channels;

namespace Calango.Plugins.LocalModels.Worker.Llama;

// One answer, asked for and on its way. Text ends when Outcome is there; it faults if the model failed.
internal sealed class Generation(int[] prompt, int maxTokens, Sampling sampling, IReadOnlyList<string> stops, CancellationToken cancelled)
{
    private readonly Channel<string> _text = Channel.CreateUnbounded<string>(new() { SingleReader = true, SingleWriter = true });

    public int[] Prompt => prompt;

    public int MaxTokens => maxTokens;

    public Sampling Sampling => sampling;

    public IReadOnlyList<string> Stops => stops;

    public CancellationToken Cancelled => cancelled;

    public IAsyncEnumerable<string> Text => _text.Reader.ReadAllAsync(cancelled);

    public Outcome? Outcome { get; private set; }

    public void Write(string part)
    {
        if (part.Length > 0)
        {
            _text.Writer.TryWrite(part);
        }
    }

    public void Complete(Outcome outcome)
    {
        Outcome = outcome;
        _text.Writer.TryComplete();
    }

    public void Fail(Exception exception) => _text.Writer.TryComplete(exception);
}

// How an answer ended, and what it took. CachedTokens of the prompt were in the key-value cache already.
internal sealed record Outcome(string FinishReason, int PromptTokens, int CachedTokens, int AnswerTokens)
{
    public const string Stop = "stop";
    public const string Length = "length";
}
