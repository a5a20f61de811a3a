using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>Refuses paths that would lead out of the folder, or mean the same file twice on some system.</summary>
internal static class ZipNames
{
    // What Windows allows in no name, besides the separators.
    private const string Forbidden = ":*?\"<>|";

    /// <exception cref="RejectedException">A path is not one that a package may have.</exception>
    public static void Check(IReadOnlyList<ZipEntry> entries)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var folded = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var name in entries.Select(entry => entry.Name))
        {
            if ((CodeOf(name) ?? (!names.Add(name) ? "plugin.zip.duplicate" : !folded.Add(name) ? "plugin.zip.caseDuplicate" : null)) is { } code)
            {
                throw new RejectedException(code, ("file", Shown(name)));
            }
        }

        if (entries.Select(entry => entry.Name).FirstOrDefault(name => FoldersOf(name).Any(folded.Contains)) is { } inFile)
        {
            throw new RejectedException("plugin.zip.folderAndFile", ("file", inFile));
        }
    }

    private static string? CodeOf(string name) =>
        name.Contains('\\', StringComparison.Ordinal) ? "plugin.zip.backslash"
        : name.StartsWith('/') || (name.Length > 1 && name[1] == ':') ? "plugin.zip.absolute"
        : name.Split('/').Contains("..") ? "plugin.zip.slip"
        : name.Length is 0 or > PackageLimits.NameLength || !name.All(IsPermitted) || !name.Split('/').All(IsPart) ? "plugin.zip.name"
        : null;

    private static bool IsPermitted(char letter) => letter is >= ' ' and <= '~' && !Forbidden.Contains(letter, StringComparison.Ordinal);

    // Windows drops dots and spaces at the end, and makes another name of it.
    private static bool IsPart(string part) => part.Length > 0 && part[^1] is not ('.' or ' ') && part[0] != ' ';

    private static IEnumerable<string> FoldersOf(string name) =>
        name.Select((letter, index) => (letter, index)).Where(place => place.letter == '/').Select(place => name[..place.index]);

    private static string Shown(string name) => string.Concat(name.Take(80).Select(letter => char.IsControl(letter) ? '?' : letter));
}
