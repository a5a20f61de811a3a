using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Calango.Core.Plugins;

/// <summary>What <c>plugin.json</c> says. An unknown field is refused: it would be a promise that nobody keeps.</summary>
public sealed partial record PluginManifest
{
    /// <summary>The name of the file in a plugin's folder.</summary>
    public const string FileName = "plugin.json";

    /// <summary>The version of this form; 1.</summary>
    public required int Schema { get; init; }

    /// <summary>Lower-case letters, digits and single hyphens, at most 64; the prefix of the plugin's locale keys.</summary>
    public required string Id { get; init; }

    /// <summary>For people; not translated.</summary>
    public required string Name { get; init; }

    /// <summary>The plugin's own version, e.g. <c>1.2.0</c>.</summary>
    public required string Version { get; init; }

    /// <summary>The versions of Calango.Sdk with which it works, e.g. <c>[1.0,2.0)</c>.</summary>
    public required string Contract { get; init; }

    /// <summary>The file name of the assembly that has its <see cref="Sdk.IPlugin"/>.</summary>
    public required string Entry { get; init; }

    /// <summary>What it registers: <c>model-provider</c>, <c>local-models</c>, <c>event-sink</c>, <c>tool-source</c>. It may register no less and no more.</summary>
    public required IReadOnlyList<string> Provides { get; init; }

    /// <summary>What it reaches for outside of itself, for whoever decides to trust it.</summary>
    public required PluginCapabilities Capabilities { get; init; }

    /// <summary>Whether it is left out of a normal start.</summary>
    public bool Hidden { get; init; }

    /// <summary>Reads and checks a plugin's manifest.</summary>
    /// <exception cref="PluginRejectedException">It is missing, malformed, or of a contract that this server doesn't have.</exception>
    public static PluginManifest Read(string folder)
    {
        var manifest = Parse(Path.Combine(folder, FileName));
        if (manifest.Schema != 1)
        {
            throw new PluginRejectedException($"{FileName} is of schema {manifest.Schema}; this server reads schema 1");
        }

        Require(manifest.Id.Length <= 64 && IdForm().IsMatch(manifest.Id), "id", manifest.Id, "lower-case letters, digits and single hyphens");
        Require(manifest.Name.Trim().Length is > 0 and <= 100, "name", manifest.Name, "1 to 100 characters");
        Require(System.Version.TryParse(manifest.Version, out _), "version", manifest.Version, "e.g. 1.2.0");
        Require(manifest.Entry == Path.GetFileName(manifest.Entry) && manifest.Entry.EndsWith(".dll", StringComparison.Ordinal), "entry", manifest.Entry, "the name of a .dll in the plugin's folder");
        Require(File.Exists(Path.Combine(folder, manifest.Entry)), "entry", manifest.Entry, "a file that is there");
        ContractRange.Parse(manifest.Contract).RequireCurrent();
        return manifest;
    }

    private static PluginManifest Parse(string path)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(path), ManifestJson.Default.PluginManifest)
                ?? throw new PluginRejectedException($"{FileName} is empty");
        }
        catch (FileNotFoundException)
        {
            throw new PluginRejectedException($"{FileName} is missing");
        }
        catch (JsonException exception)
        {
            throw new PluginRejectedException($"{FileName}: {exception.Message}");
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
    public IReadOnlyList<string> Network { get; init; } = [];

    /// <summary>Whether it runs code that is not .NET.</summary>
    public bool Native { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    ReadCommentHandling = JsonCommentHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(PluginManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;
