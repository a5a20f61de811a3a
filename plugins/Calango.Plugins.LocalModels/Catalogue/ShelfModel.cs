namespace Calango.Plugins.LocalModels;

// A model whose file is here.
internal sealed record ShelfModel(string Id, string Path, long Bytes, GgufHeader Header)
{
    // The program itself, its buffers, and the tokens' intermediate results.
    private const long WorkerBytes = 128L * 1024 * 1024;

    public long LayerBytes => Bytes / (Header.Layers + 1);

    public long MemoryBytes(int contextTokens) => Bytes + WorkerBytes + (contextTokens * Header.KeyValueBytesPerToken);

    // The largest window that fits, at most the one wanted.
    public int ContextThatFits(int wanted, long memoryBytes)
    {
        var room = (memoryBytes - MemoryBytes(0)) / Math.Max(Header.KeyValueBytesPerToken, 1);
        return (int)Math.Clamp(room, 0, Math.Min(wanted, Header.ContextTokens));
    }
}
