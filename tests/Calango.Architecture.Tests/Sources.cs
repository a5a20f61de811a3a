using Calango.Tests.Fixtures;

namespace Calango.Architecture.Tests;

/// <summary>The files that people wrote; what a build made is left out.</summary>
internal static class Sources
{
    private static readonly string[] Made = ["bin", "obj", "node_modules", "lib", "artifacts", "data", "app.css"];

    /// <summary>Every file of a folder of the repository with one of these extensions.</summary>
    public static IEnumerable<string> In(string folder, params string[] extensions) => Files(new DirectoryInfo(Path.Combine(TestFolders.Repository, folder)), extensions);

    /// <summary>The files that may name a locale key of the server.</summary>
    public static IEnumerable<string> Translated() => TranslatedByServer().Concat(In("plugins", ".cs"));

    /// <inheritdoc cref="Translated"/>
    public static IEnumerable<string> TranslatedByServer() => In("core", ".cs").Concat(In("web", ".cs", ".cshtml", ".js"));

    private static IEnumerable<string> Files(DirectoryInfo folder, string[] extensions) =>
        folder.EnumerateFiles().Where(file => extensions.Contains(file.Extension) && !Made.Contains(file.Name)).Select(file => file.FullName)
            .Concat(folder.EnumerateDirectories().Where(inner => !Made.Contains(inner.Name)).SelectMany(inner => Files(inner, extensions)));
}
