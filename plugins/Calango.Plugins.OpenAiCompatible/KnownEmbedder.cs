namespace Calango.Plugins.OpenAiCompatible;

/// <summary>An embedding model that many services have, as its authors describe it.</summary>
/// <param name="Name">Its name, without owner, size or tag.</param>
/// <param name="WindowTokens">The longest text.</param>
/// <param name="Dimensions">How many numbers a vector has; 0: it depends on the size.</param>
/// <param name="Languages">In which it is usable; empty: many.</param>
internal sealed record KnownEmbedder(string Name, int WindowTokens, int Dimensions, params string[] Languages)
{
    // A longer name stands before one with which it begins.
    private static readonly KnownEmbedder[] All =
    [
        new("text-embedding-3-small", 8191, 1536),
        new("text-embedding-3-large", 8191, 3072),
        new("text-embedding-ada-002", 8191, 1536),
        new("mistral-embed", 8192, 1024),
        new("gemini-embedding-001", 2048, 3072),
        new("embeddinggemma", 2048, 768),
        new("bge-m3", 8192, 1024),
        new("bge-large-en", 512, 1024, "en"),
        new("bge-base-en", 512, 768, "en"),
        new("bge-small-en", 512, 384, "en"),
        new("multilingual-e5-large", 512, 1024),
        new("multilingual-e5-base", 512, 768),
        new("multilingual-e5-small", 512, 384),
        new("nomic-embed-text-v2-moe", 512, 768),
        new("nomic-embed-text", 2048, 768, "en"),
        new("mxbai-embed-large", 512, 1024, "en"),
        new("snowflake-arctic-embed2", 8192, 1024),
        new("jina-embeddings-v3", 8192, 1024),
        new("paraphrase-multilingual", 128, 768),
        new("all-minilm-l6-v2", 256, 384, "en"),
        new("all-minilm", 256, 384, "en"),
        new("qwen3-embedding", 32_768, 0),
        new("embed-multilingual-v3.0", 512, 1024),
        new("embed-english-v3.0", 512, 1024, "en"),
    ];

    /// <summary>The one that a service means: <c>BAAI/bge-m3</c>, <c>nomic-embed-text:latest</c>; null: it is not known.</summary>
    public static KnownEmbedder? Of(string id)
    {
        var name = id[(id.LastIndexOf('/') + 1)..];
        return Array.Find(All, known => name.StartsWith(known.Name, StringComparison.OrdinalIgnoreCase) && (name.Length == known.Name.Length || name[known.Name.Length] is '-' or ':' or '.' or '@' or '_'));
    }

    /// <summary>The server can only estimate a service's tokens, and some services cut in silence what is too long: a quarter is left free.</summary>
    public static int SafeWindow(int tokens) => tokens / 4 * 3;
}
