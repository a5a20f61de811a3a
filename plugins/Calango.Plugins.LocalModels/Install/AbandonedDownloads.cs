using Calango.Sdk;

namespace Calango.Plugins.LocalModels;

// Half downloads with which nobody went on. The parts of a model stand and fall together: the first may be whole for days
// while the last still comes, and when a file was last written says whether somebody is at it, in whichever process.
internal sealed class AbandonedDownloads(PluginContext context, ModelCatalogue catalogue, Downloads downloads)
{
    public int Delete(DateTimeOffset since)
    {
        List<string[]> known =
        [
            .. catalogue.Models.Select(PartsOf),
            .. catalogue.Runtimes.Select(runtime => new[] { downloads.PathOf(runtime.Download) }),
            .. catalogue.OnnxRuntimes.Select(runtime => runtime.File.AllDownloads.Select(downloads.PathOf).ToArray()),
        ];
        // Of a catalogue that was another one then.
        var unknown = downloads.Here().Except(known.SelectMany(parts => parts)).Select(part => new[] { part });
        return known.Concat(unknown).Select(parts => parts.Where(File.Exists).ToList())
            .Where(parts => parts.TrueForAll(part => File.GetLastWriteTimeUtc(part) < since)).Sum(Delete);
    }

    private string[] PartsOf(CatalogueModel model) =>
        [.. model.AllDownloads.Select(downloads.PathOf), .. model.AllFiles.Select(file => FileInstaller.UnfinishedPathOf(context.ModelsFolder, file))];

    private static int Delete(List<string> parts)
    {
        parts.ForEach(File.Delete);
        return parts.Count;
    }
}
