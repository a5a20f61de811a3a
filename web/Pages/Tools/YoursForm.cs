using Calango.Core.Plugins;
using Calango.Core.Tools;
using Calango.Web.Pages.Shared;

namespace Calango.Web.Pages.Tools;

/// <summary>What a browser sends of a person's form of a server of tools.</summary>
public sealed class YoursFields
{
    /// <summary>Where secrets were said to go.</summary>
    public string? Place { get; set; }

    /// <summary>The settings, by field name.</summary>
    public Dictionary<string, string?> Values { get; set; } = [];
}

/// <summary>A person's form of a server of tools: what its fields show, and what is said about it. A secret is never among it.</summary>
/// <param name="Asked">The server, with what it asks for and what is stored.</param>
/// <param name="Fields">What was entered, or what the fields begin with.</param>
public sealed record YoursForm(PersonalServer Asked, YoursFields Fields)
{
    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>Why nothing is stored; null: it can be.</summary>
    public string? Refusal { get; init; }

    /// <summary>How the trial went; null: there was none.</summary>
    public ToolListing? Test { get; init; }

    /// <summary>Where it is saved.</summary>
    public string Action => $"/tools/{Asked.Server.Id}";

    /// <summary>What the kernel is given.</summary>
    public PersonalInput Input => new(Fields.Place, Fields.Values);

    /// <summary>The fields with what they show.</summary>
    public IEnumerable<SettingInput> Inputs => Asked.Fields.Select(known => new SettingInput(
        Asked.Server.PluginId, known, Fields.Values.GetValueOrDefault(known.Name), Errors.GetValueOrDefault(known.Name), Asked.HasSecret(known)));

    /// <summary>Names of values that were sent and that no field takes.</summary>
    public IEnumerable<string> UnknownNames => Fields.Values.Keys.Except(Asked.Fields.Select(known => known.Name));

    /// <summary>The form as things stand.</summary>
    public static YoursForm Of(PersonalServer asked) => new(asked, new YoursFields
    {
        Values = asked.Fields.ToDictionary(known => known.Name, known => asked.Stored?.Settings.GetValueOrDefault(known.Name) ?? known.Default),
    })
    {
        Errors = asked.Stored is { } stored ? SettingsFit.Misfits(asked.Fields, stored.Settings, asked.Fields.Where(asked.HasSecret).Select(known => known.Name)) : new Dictionary<string, string>(),
    };
}
