using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using NuGet.Versioning;

namespace Calango.Core.Plugins;

/// <summary>What <c>plugin.json</c> says. An unknown field is refused: it would be a promise that nobody keeps.</summary>
public sealed partial record PluginManifest
{
    /// <summary>The name of the file in a plugin's folder.</summary>
    public const string FileName = "plugin.json";

    internal const string InProcess = "in-process";
    internal const string Isolated = "isolated";

    /// <summary>The version of this form; 1.</summary>
    public required int Schema { get; init; }

    /// <summary>Lower-case letters, digits and single hyphens, at most 64; the prefix of the plugin's locale keys.</summary>
    public required string Id { get; init; }

    /// <summary>For people; not translated.</summary>
    public required string Name { get; init; }

    /// <summary>The plugin's own version, as semver has it, e.g. <c>1.2.0</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The versions of Calango.Sdk with which it works, e.g. <c>[1.0,2.0)</c>.</summary>
    public required string Contract { get; init; }

    /// <summary>The file name of the assembly that has its <see cref="Sdk.IPlugin"/>.</summary>
    public required string Entry { get; init; }

    /// <summary>What it registers: <c>model-provider</c>, <c>local-models</c>, <c>event-sink</c>, <c>tool-source</c>, <c>blob-store</c>, <c>passage-index</c>. It may register no less and no more.</summary>
    public required IReadOnlyList<string> Provides { get; init; }

    /// <summary>What it reaches for outside of itself, for whoever decides to trust it.</summary>
    public required PluginCapabilities Capabilities { get; init; }

    /// <summary>Whether it is left out of a normal start; counts in the plugins folder only.</summary>
    public bool Hidden { get; init; }

    /// <summary>Where it wants to run: <c>in-process</c> or <c>isolated</c>; null: as its trust allows.</summary>
    public string? Isolation { get; init; }

    /// <summary>The plugins that must serve before it does.</summary>
    // The generated reader sets what is missing to null.
    public IReadOnlyList<PluginDependency> Dependencies { get; init => field = value ?? []; } = [];

    /// <summary>What is new in this version, for people; not translated.</summary>
    public string? Changes { get; init; }

    /// <summary>Who publishes it, for people; a package has it.</summary>
    public string? Publisher { get; init; }

    /// <summary>The id of the key that signs it; null: it is unsigned.</summary>
    public string? Key { get; init; }

    /// <summary>The SHA-256 of every file of the package, by its path; null: it is no package.</summary>
    public IReadOnlyDictionary<string, string>? Files { get; init; }

    [JsonIgnore]
    internal SemanticVersion SemVer => SemanticVersion.Parse(Version);

    /// <summary>Reads and checks a plugin's manifest.</summary>
    /// <exception cref="PluginRejectedException">It is missing, malformed, or of a contract that this server doesn't have.</exception>
    public static PluginManifest Read(string folder)
    {
        var manifest = Parse(ReadFile(Path.Combine(folder, FileName)));
        Require(File.Exists(Path.Combine(folder, manifest.Entry)), "entry", manifest.Entry, "a file that is there");
        ContractRange.Parse(manifest.Contract).RequireCurrent();
        return manifest;
    }

    /// <summary>Reads what a manifest says, and checks its form.</summary>
    /// <exception cref="PluginRejectedException">It is malformed.</exception>
    internal static PluginManifest Parse(ReadOnlySpan<byte> json)
    {
        var manifest = Deserialize(json);
        if (manifest.Schema != 1)
        {
            throw new PluginRejectedException($"{FileName} is of schema {manifest.Schema}; this server reads schema 1");
        }

        Require(IsId(manifest.Id), "id", manifest.Id, "lower-case letters, digits and single hyphens");
        Require(manifest.Name.Trim().Length is > 0 and <= 100, "name", manifest.Name, "1 to 100 characters");
        Require(manifest.Version.Length <= 64 && SemanticVersion.TryParse(manifest.Version, out _), "version", manifest.Version, "e.g. 1.2.0");
        Require(manifest.Entry == Path.GetFileName(manifest.Entry) && manifest.Entry.EndsWith(".dll", StringComparison.Ordinal), "entry", manifest.Entry, "the name of a .dll in the plugin's folder");
        Require(manifest.Isolation is null or InProcess or Isolated, "isolation", manifest.Isolation!, $"{InProcess} or {Isolated}");
        Require(manifest.Changes is null or { Length: <= 4000 }, "changes", "too long", "at most 4,000 characters");
        Require(manifest.Publisher is null || manifest.Publisher.Trim().Length is > 0 and <= 100, "publisher", manifest.Publisher!, "1 to 100 characters");
        foreach (var dependency in manifest.Dependencies)
        {
            Require(IsId(dependency.Id) && dependency.Id != manifest.Id, "dependencies", dependency.Id, "the id of another plugin");
            Require(VersionRange.TryParse(dependency.Version, out var range) && !range.IsFloating, "dependencies", dependency.Version, "a range of versions, e.g. [1.0,2.0)");
        }

        ContractRange.Parse(manifest.Contract);
        return manifest;
    }

    /// <summary>Whether a text may be a plugin's id.</summary>
    internal static bool IsId(string text) => text.Length <= 64 && IdForm().IsMatch(text);

    private static PluginManifest Deserialize(ReadOnlySpan<byte> json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ManifestJson.Default.PluginManifest) ?? throw new PluginRejectedException($"{FileName} is empty");
        }
        catch (JsonException exception)
        {
            throw new PluginRejectedException($"{FileName}: {exception.Message}");
        }
    }

    private static byte[] ReadFile(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (FileNotFoundException)
        {
            throw new PluginRejectedException($"{FileName} is missing");
        }
    }

    private static void Require(bool holds, string field, string value, string wanted)
    {
        if (!holds)
        {
            throw new PluginRejectedException($"{FileName}: {field} is '{value}', wanted: {wanted}");
        }
    }

    [GeneratedRegex("^[a-z0-9]+(-[a-z0-9]+)*$", RegexOptions.CultureInvariant)]
    private static partial Regex IdForm();
}

/// <summary>What a plugin reaches for outside of itself. Shown to people; a plugin in this process is trusted code.</summary>
public sealed record PluginCapabilities
{
    /// <summary>Hosts it connects to; <c>*</c>: those that a person enters.</summary>
    public IReadOnlyList<string> Network { get; init => field = value ?? []; } = [];

    /// <summary>Folders besides its own that it reads or writes; <c>*</c>: those that a person enters.</summary>
    public IReadOnlyList<string> Files { get; init => field = value ?? []; } = [];

    /// <summary>Whether it is given secrets, such as keys of services.</summary>
    public bool Secrets { get; init; }

    /// <summary>Whether it runs code that is not .NET.</summary>
    public bool Native { get; init; }
}

/// <summary>A plugin that another one needs.</summary>
public sealed record PluginDependency
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>The versions that will do, e.g. <c>[1.0,2.0)</c>.</summary>
    public required string Version { get; init; }

    /// <summary>Whether a version will do.</summary>
    internal bool IsMetBy(SemanticVersion version) => VersionRange.Parse(Version).Satisfies(new NuGetVersion(version.ToNormalizedString()));
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Disallow,
    AllowDuplicateProperties = false,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PluginManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
