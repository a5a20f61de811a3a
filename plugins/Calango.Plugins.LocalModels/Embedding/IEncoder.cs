namespace Calango.Plugins.LocalModels;

// A network of BERT's kind: reads the tokens of a text and says so many numbers of each. Thread-safe.
internal interface IEncoder : IDisposable
{
    void Run(int[] tokens, TokenReader read);
}

// What the network says lies in its own memory, and is read there.
internal delegate void TokenReader(ReadOnlySpan<float> numbers, int size);
