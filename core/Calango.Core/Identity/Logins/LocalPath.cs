namespace Calango.Core.Identity;

/// <summary>Where somebody may be sent after a login: a page of this server. Everything else is the first page.</summary>
public static class LocalPath
{
    private const int MaxLength = 1024;

    /// <summary>The path itself, or <c>/</c>.</summary>
    public static string Of(string? path) => path is ['/', ..] && path.Length <= MaxLength && IsLocal(path) ? path : "/";

    // Browsers read "//host", "/\host" and "/<tab>/host" as another server.
    private static bool IsLocal(string path) => !path.StartsWith("//", StringComparison.Ordinal) && !path.Contains('\\', StringComparison.Ordinal) && !path.Any(char.IsControl);
}
