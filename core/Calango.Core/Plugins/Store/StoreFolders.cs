namespace Calango.Core.Plugins;

/// <summary>Where all that belongs to installed plugins lies, within the data folder.</summary>
internal sealed class StoreFolders(string dataFolder)
{
    /// <summary>The folder of all of it.</summary>
    public string Root { get; } = Path.Combine(dataFolder, "plugins");

    /// <summary>One folder a plugin, in it one a version: never changed once it is there.</summary>
    public string Store => Path.Combine(Root, "store");

    /// <summary>What is being unpacked or removed, and packages that were looked at: nothing that must last.</summary>
    public string Staging => Path.Combine(Root, ".staging");

    /// <summary>What counts: one file a plugin.</summary>
    public string State => Path.Combine(Root, "state");

    /// <summary>The plugins' own data.</summary>
    public string Data => Path.Combine(Root, "data");

    /// <summary>What was done, one file an operation: the journal while it runs.</summary>
    public string History => Path.Combine(Root, "history");

    /// <summary>What plugins do at this moment that may end the process.</summary>
    public string Marks => Path.Combine(Root, "starting");

    /// <summary>What processes of this folder wrote to their standard error, one file a process.</summary>
    public string LastWords => Path.Combine(Root, "last-words");

    /// <summary>The catalogs, as they were last read.</summary>
    public string Catalogs => Path.Combine(Root, "catalogs");

    /// <summary>Packages of installed versions that are not in the store of files yet, one folder a plugin.</summary>
    public string Packages => Path.Combine(Root, "packages");

    public string TrustFile => Path.Combine(Root, "trust.json");

    public string LockFile => Path.Combine(Root, ".lock");

    /// <summary>A package that was looked at.</summary>
    public string InspectedFile(string digest) => Path.Combine(Staging, digest + ".cpk");

    public string VersionFolder(string id, string version) => Path.Combine(Store, id, version);

    /// <summary>A plugin's own data; exists from now on.</summary>
    public string DataOf(string id) => Directory.CreateDirectory(Path.Combine(Data, id)).FullName;

    public void Create()
    {
        foreach (var folder in (string[])[Store, Staging, State, Data, History, Marks, LastWords, Catalogs, Packages])
        {
            Directory.CreateDirectory(folder);
        }
    }
}
