using System.Globalization;
using Calango.Core.Knowledge;

namespace Calango.Bench;

/// <summary>What a run of the retrieval benchmark is asked for.</summary>
internal sealed record RetrievalSettings(IReadOnlyList<string> Folders, IReadOnlyList<int> Scales, RetrievalOptions Options, bool WithEmbedder, (string Address, string Model)? Reranker)
{
    public static RetrievalSettings Read(string[] args)
    {
        (string, string)? reranker = null;
        var (folders, scales, options, withEmbedder) = (new List<string>(), new List<int>(), new RetrievalOptions(), true);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--no-embedder":
                    withEmbedder = false;
                    break;
                case "--rerank":
                    reranker = (args[++i], args[++i]);
                    break;
                case "--scale":
                    scales.Add(int.Parse(args[++i], CultureInfo.InvariantCulture));
                    break;
                case "--weight":
                    options = options with { FusionWeight = Number(args[++i]) };
                    break;
                case "--chunk":
                    options = options with { ChunkTokens = (int)Number(args[++i]) };
                    break;
                case "--overlap":
                    options = options with { OverlapTokens = (int)Number(args[++i]) };
                    break;
                case var folder when Directory.Exists(folder):
                    folders.Add(folder);
                    break;
                default:
                    throw new ArgumentException($"'{args[i]}' is neither a folder nor one of --weight N, --chunk N, --overlap N, --no-embedder, --rerank ADDRESS MODEL, --scale N.");
            }
        }

        return new RetrievalSettings(folders, scales, options, withEmbedder, reranker);

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }
}
