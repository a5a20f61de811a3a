namespace Calango.Plugins.LocalModels.Worker.Llama;

// Computes answers, one at a time, on one thread. What the last one left in the key-value cache is used again as far as
// the next prompt begins alike, so a conversation's earlier turns are not read twice.
internal sealed unsafe class Generator(LlamaModel model)
{
    private const int BatchTokens = 512;
    private const int Aborted = 2;
    private const int OnlySequence = 0;
    private readonly int _cores = PhysicalCores.Count();
    private readonly List<int> _cached = [];

    public Outcome Run(Generation generation)
    {
        model.Abort(requested: false);
        using var abort = generation.Cancelled.Register(() => model.Abort(requested: true));

        var threads = PhysicalCores.Free(_cores);
        LlamaApi.llama_set_n_threads(model.Context, threads, threads);
        var reused = KeepCommonBeginning(generation.Prompt);
        Decode(generation.Prompt.AsSpan(reused), generation.Cancelled);
        using var chain = generation.Sampling.NewChain(model);
        var text = new AnswerText(generation.Stops);
        var answered = 0;
        var reason = Outcome.Length;
        while (answered < generation.MaxTokens)
        {
            var token = LlamaApi.llama_sampler_sample(chain, model.Context, -1);
            answered++;
            if (model.EndsAnswer(token))
            {
                reason = Outcome.Stop;
                break;
            }

            generation.Write(text.Add(model.Piece(token)));
            if (text.Stopped)
            {
                reason = Outcome.Stop;
                break;
            }

            if (answered < generation.MaxTokens)
            {
                Decode([token], generation.Cancelled);
            }
        }

        generation.Write(text.Rest());
        return new Outcome(reason, generation.Prompt.Length, reused, answered);
    }

    private int KeepCommonBeginning(int[] prompt)
    {
        // At least one token must be computed: its result is what the first token of the answer is drawn from.
        var common = Math.Min(_cached.Zip(prompt).TakeWhile(pair => pair.First == pair.Second).Count(), prompt.Length - 1);
        var memory = LlamaApi.llama_get_memory(model.Context);
        // Recurrent models cannot forget a part.
        if (LlamaApi.llama_memory_seq_rm(memory, OnlySequence, common, -1) == 0)
        {
            LlamaApi.llama_memory_clear(memory, data: 1);
            common = 0;
        }

        _cached.RemoveRange(common, _cached.Count - common);
        return common;
    }

    private void Decode(ReadOnlySpan<int> tokens, CancellationToken cancellationToken)
    {
        while (!tokens.IsEmpty)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = tokens[..Math.Min(tokens.Length, BatchTokens)];
            fixed (int* start = batch)
            {
                var result = LlamaApi.llama_decode(model.Context, LlamaApi.llama_batch_get_one(start, batch.Length));
                if (result == Aborted)
                {
                    throw new OperationCanceledException(cancellationToken);
                }

                if (result != 0)
                {
                    throw new LlamaException($"llama.cpp could not compute the next token ({result}).");
                }
            }

            foreach (var token in batch)
            {
                _cached.Add(token);
            }

            tokens = tokens[batch.Length..];
        }
    }
}
