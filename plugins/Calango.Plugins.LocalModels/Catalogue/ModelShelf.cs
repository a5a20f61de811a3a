using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// The models folder: what was installed into it and what people dropped there. An id is looked for among what lies
// there, never made into a path.
internal sealed partial class ModelShelf(PluginContext context, ModelCatalogue catalogue)
{
    private static readonly EnumerationOptions TwoLevels = new() { RecurseSubdirectories = true, MaxRecursionDepth = 1, IgnoreInaccessible = true };

    // Reading a head takes some milliseconds (a vocabulary is long): once for each state of a file.
    private readonly ConcurrentDictionary<(string Path, long Bytes, DateTime Written), GgufHeader?> _headers = new();

    public IReadOnlyList<ShelfModel> Models() =>
        [.. Directory.EnumerateFiles(context.ModelsFolder, "*.gguf", TwoLevels)
            .Order(StringComparer.OrdinalIgnoreCase)
            .Select(ModelAt)
            .OfType<ShelfModel>()];

    public ShelfModel? Find(string id) => Models().FirstOrDefault(model => model.Id == id);

    // A model in several files goes with all of them.
    public void Remove(ShelfModel model)
    {
        foreach (var file in Parts(model.Path))
        {
            File.Delete(file);
        }
    }

    private ShelfModel? ModelAt(string path)
    {
        var parts = Parts(path);
        var bytes = parts.Where(File.Exists).Sum(part => new FileInfo(part).Length);
        if (parts[0] != path || !parts.All(File.Exists) || HeaderOf(path) is not { IsChat: true } header)
        {
            return null;
        }

        var name = Path.GetRelativePath(context.ModelsFolder, path).Replace('\\', '/');
        var known = catalogue.Models.FirstOrDefault(model => model.Files is [var file] && file.Name == name && file.Bytes == bytes);
        return new ShelfModel(known?.Id ?? name, path, bytes, header);
    }

    private GgufHeader? HeaderOf(string path)
    {
        var file = new FileInfo(path);
        return _headers.GetOrAdd((path, file.Length, file.LastWriteTimeUtc), static key => GgufHeader.Read(key.Path));
    }

    // Large models come as name-00001-of-00003.gguf and so on.
    private static string[] Parts(string path)
    {
        var match = PartName().Match(path);
        return match.Success && int.Parse(match.Groups["count"].ValueSpan) is > 1 and <= 999 and var count
            ? [.. Enumerable.Range(1, count).Select(part => $"{match.Groups["stem"]}-{part:D5}-of-{count:D5}.gguf")]
            : [path];
    }

    [GeneratedRegex(@"^(?<stem>.+)-\d{5}-of-(?<count>\d{5})\.gguf$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PartName();
}
