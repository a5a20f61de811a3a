using Microsoft.Extensions.Logging;

namespace Calango.Core.Plugins;

/// <summary>
/// Finds out, at a start, whether a plugin ended the process before, and how. Whoever killed that from without accuses nobody.
/// </summary>
internal sealed class Culprits(CoreOptions options, PluginStore store, ProcessMarks marks, LastWords words, ILogger<Culprits> logger)
{
    // So long before the end no memory may have been left for a plugin that is to have caused it.
    private static readonly TimeSpan LongestDecline = TimeSpan.FromMinutes(10);

    /// <summary>Has the next start know what this process says at its end.</summary>
    public void Watch() => words.Keep();

    /// <summary>Marks a plugin as being started, until the mark is disposed.</summary>
    public IDisposable MarkStart(string id, string version) => marks.PutStart(id, version);

    /// <summary>Marks the plugin that asked for the end of this process, for the next start; called when somebody did.</summary>
    public void MarkWhoExits()
    {
        if (ExitCalls.Find() is { } code)
        {
            marks.Put(code.Calls.PluginId, VersionOf(code), MarkKind.Exit);
        }
    }

    /// <summary>Marks the plugin for which no memory is left: if the process ends for that, it is the one that took it.</summary>
    public void MarkWhoRanOut(PluginLoadContext code) => marks.Put(code.Calls.PluginId, VersionOf(code), MarkKind.Memory);

    /// <summary>The process ends well.</summary>
    public void EndWell()
    {
        try
        {
            words.Forget();
            marks.TakeOwn();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What is left says at the next start that nothing was wrong.
        }
    }

    /// <summary>Who ended the processes that are gone, and whose starts those did not survive, where nobody knows who of them it was.</summary>
    public (IReadOnlyList<Culprit> Known, IReadOnlySet<string> Suspects) OfTheLastProcesses()
    {
        var left = marks.TakeLeft();
        var said = words.TakeLeft();
        var known = left.Where(mark => mark.Kind == MarkKind.Exit).Select(mark => new Culprit(mark.Id, mark.Version, ProcessEnd.Exit)).ToList();
        known.AddRange(said.Select(process => NamedBy(process, [.. left.Where(mark => mark.ProcessId == process.ProcessId || mark.ProcessId == 0)])).OfType<Culprit>());

        var starting = left.Where(mark => mark.Kind == MarkKind.Start).ToList();
        if (known.Count == 0 && starting is [var alone] && IsAccused(alone, said.Any(process => process.ProcessId == alone.ProcessId)))
        {
            known.Add(new Culprit(alone.Id, alone.Version, null));
        }

        return (known, known.Count == 0 ? starting.Select(mark => mark.Id).ToHashSet() : new HashSet<string>());
    }

    private Culprit? NamedBy(LeftWords process, IReadOnlyList<LeftMark> left)
    {
        if (DeathCry.Find(process.Text) is not { } cry)
        {
            return null;
        }

        var named = OwnerOf(cry.Frames) is { } owner ? new Culprit(owner.Id, owner.Version, cry.How)
            // Without memory the runtime may fail anywhere.
            : cry.How is null or ProcessEnd.OutOfMemory && left.Where(mark => mark.Kind == MarkKind.Memory && process.At - mark.At < LongestDecline).ToList() is [var hungry] ? new Culprit(hungry.Id, hungry.Version, ProcessEnd.OutOfMemory)
            : left.Where(mark => mark.Kind == MarkKind.Start).ToList() is [var started] ? new Culprit(started.Id, started.Version, cry.How)
            : null;
        if (named is null)
        {
            logger.LogError("The server's process before ended with {End}, and no plugin is known to have done it", cry.How?.ToString() ?? "a failure of the runtime");
        }

        return named;
    }

    // A library that several plugins bring along is told from the frames below it.
    private (string Id, string Version)? OwnerOf(IReadOnlyList<string> frames)
    {
        var candidates = frames.Count == 0 ? [] : Candidates();
        foreach (var frame in frames)
        {
            var owners = candidates.Where(candidate => candidate.Types.Have(frame)).ToList();
            candidates = owners.Count > 0 ? owners : candidates;
            if (owners.Count > 0 && owners.TrueForAll(owner => owner.Id == owners[0].Id))
            {
                return (owners[0].Id, owners[0].Version);
            }
        }

        return null;
    }

    // Of one plugin those first that served most probably: a version before may have had calls to end.
    private List<(string Id, string Version, PluginTypes Types)> Candidates() =>
    [
        .. Directory.GetDirectories(store.Folders.Store).SelectMany(plugin => VersionsOf(Path.GetFileName(plugin)).Select(version => (Path.GetFileName(plugin), version, new PluginTypes(Path.Combine(plugin, version))))),
        .. BuiltIn(),
    ];

    private IEnumerable<string> VersionsOf(string id)
    {
        var state = store.FindIfWhole(id);
        return Directory.GetDirectories(Path.Combine(store.Folders.Store, id)).Select(path => Path.GetFileName(path)!)
            .OrderBy(version => version == state?.Current ? 0 : version == state?.Previous ? 1 : 2);
    }

    private IEnumerable<(string Id, string Version, PluginTypes Types)> BuiltIn()
    {
        foreach (var folder in Directory.Exists(options.PluginsFolder) ? Directory.GetDirectories(options.PluginsFolder) : [])
        {
            PluginManifest manifest;
            try
            {
                manifest = PluginManifest.Read(folder);
            }
            catch (PluginRejectedException)
            {
                continue;
            }

            yield return (manifest.Id, manifest.Version, new PluginTypes(folder));
        }
    }

    // Where it is known what the process said, and that was nothing, somebody may have killed it: once is chance.
    private bool IsAccused(LeftMark mark, bool wasHeard)
    {
        if (!wasHeard || marks.Has(mark.Id, mark.Version, MarkKind.Doubt))
        {
            marks.Delete(mark.Id, mark.Version, MarkKind.Doubt);
            return true;
        }

        marks.Put(mark.Id, mark.Version, MarkKind.Doubt);
        return false;
    }

    private string VersionOf(PluginLoadContext code) =>
        Path.GetFullPath(code.Folder).StartsWith(Path.GetFullPath(store.Folders.Store) + Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? Path.GetFileName(code.Folder)
            : PluginManifest.Read(code.Folder).Version;
}
