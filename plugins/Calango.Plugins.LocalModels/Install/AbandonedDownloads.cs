namespace Calango.Plugins.LocalModels;

// Half downloads with which nobody went on. The parts of a model stand and fall together: the first may be whole for days
// while the last still comes, and when a file was last written says whether somebody is at it, in whichever process.
internal sealed class AbandonedDownloads(ModelCatalogue catalogue, Downloads downloads, ModelInstaller installer)
{
    public int Delete(DateTimeOffset since)
    {
        List<string[]> known = [.. catalogue.Models.Select(PartsOf), .. catalogue.Runtimes.Select(runtime => new[] { downloads.PathOf(runtime.Download) })];
        // Of a catalogue that was another one then.
        var unknown = downloads.Here().Except(known.SelectMany(parts => parts)).Select(part => new[] { part });
        return known.Concat(unknown).Select(parts => parts.Where(File.Exists).ToList())
            .Where(parts => parts.TrueForAll(part => File.GetLastWriteTimeUtc(part) < since)).Sum(Delete);
    }

    private string[] PartsOf(CatalogueModel model) =>
        [.. model.File.Sources.SelectMany(source => source).Select(downloads.PathOf), installer.UnfinishedPathOf(model.File)];

    private static int Delete(List<string> parts)
    {
        parts.ForEach(File.Delete);
        return parts.Count;
    }
}
