using Calango.Core.Errors;

namespace Calango.Core.Knowledge;

/// <summary>Which folders of the server may be watched: those below the ones that the configuration names. Thread-safe.</summary>
public sealed class SourceFolders(CoreOptions options)
{
    /// <summary>The folders below which all others must be; none: no folder can be watched.</summary>
    public IReadOnlyList<string> Roots { get; } = [.. options.KnowledgeFolders.Select(Path.GetFullPath)];

    /// <summary>The path of a folder that may be watched, without any link in it.</summary>
    /// <exception cref="RejectedException"><c>source.folder</c>: there is no such folder below one that the configuration names.</exception>
    public string Accept(string path) => Find(path) is { Length: <= Source.MaxAddressLength } real ? real : throw new RejectedException("source.folder");

    /// <summary>The same; null: it may not be watched, or is not there.</summary>
    internal string? Find(string path)
    {
        try
        {
            return Path.IsPathFullyQualified(path.Trim()) && Real(Path.GetFullPath(path.Trim())) is { } real && Roots.Any(root => Real(root) is { } known && IsWithin(real, known)) ? real : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }

    private static bool IsWithin(string path, string root) =>
        path == root || path.StartsWith(Path.EndsInDirectorySeparator(root) ? root : root + Path.DirectorySeparatorChar, StringComparison.Ordinal);

    // Where a path really leads: any part of it may be a link. Null: there is no such folder.
    private static string? Real(string path)
    {
        var real = Path.GetPathRoot(path)!;
        foreach (var part in path[real.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries))
        {
            var next = new DirectoryInfo(Path.Combine(real, part));
            if (!next.Exists)
            {
                return null;
            }

            real = next.ResolveLinkTarget(returnFinalTarget: true) is { } target ? Real(Path.GetFullPath(target.FullName)) ?? throw new IOException("A link that leads nowhere.") : next.FullName;
        }

        return real;
    }
}
