namespace Calango.Tests.Fixtures;

/// <summary>Where a test finds what it reads and may write.</summary>
public static class TestFolders
{
    /// <summary>The root of the repository.</summary>
    public static string Repository { get; } = FindRepository();

    /// <summary>What the build made: plugins, screenshots.</summary>
    public static string Artifacts => Path.Combine(Repository, "artifacts");

    /// <summary>All plugins, the hidden ones too.</summary>
    public static string Plugins => Path.Combine(Artifacts, "plugins");

    /// <summary>The program that runs isolated plugins.</summary>
    public static string PluginProcess => Path.Combine(Artifacts, "plugin-process");

    /// <summary>The program that reads documents.</summary>
    public static string Extraction => Path.Combine(Artifacts, "extraction");

    /// <summary>Test data that does not travel with the repository; may be absent, then a test skips.</summary>
    public static string Data => Path.GetFullPath(Environment.GetEnvironmentVariable("CALANGO_TEST_DATA") ?? Path.Combine(Repository, "../shared/data"));

    /// <summary>Makes an empty folder for one test.</summary>
    public static string NewTemporary(string name) => Directory.CreateTempSubdirectory($"calango-{name}-").FullName;

    /// <summary>Deletes what a test left; a file that is still held stays for the system to clean.</summary>
    public static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (IOException)
        {
            // A process that was killed a moment ago may still write its last lines.
        }
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Calango.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run from within the repository.");
    }
}
