using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Core.Tools;
using Calango.Sdk;
using Calango.Web.Pages.Shared;

namespace Calango.Web.Pages.ToolServers;

/// <summary>What a browser sends of the form of a server of tools.</summary>
public sealed class ToolServerFields
{
    /// <summary>For people.</summary>
    public string? Name { get; set; }

    /// <summary>Whether chats may use it.</summary>
    public bool IsOn { get; set; }

    /// <summary>The plugin's settings, by field name.</summary>
    public Dictionary<string, string?> Values { get; set; } = [];
}

/// <summary>The form of a server of tools: what its fields show, and what is said about it. A secret is never among it.</summary>
/// <param name="Source">The plugin that speaks to it.</param>
/// <param name="Server">The server as it is stored; one that is new has no name yet.</param>
/// <param name="Fields">What was entered, or what the fields begin with.</param>
/// <param name="IsNew">It isn't stored yet.</param>
public sealed record ToolServerForm(ToolSourceInfo Source, ToolServer Server, ToolServerFields Fields, bool IsNew)
{
    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>How the trial went; null: there was none.</summary>
    public ToolListing? Test { get; init; }

    /// <summary>Where it is saved.</summary>
    public string Action => IsNew ? $"/tool-servers/new/{Source.PluginId}" : $"/tool-servers/{Server.Id}";

    /// <summary>What the kernel is given.</summary>
    public ToolServerInput Input => new(Fields.Name, Fields.IsOn, Fields.Values);

    /// <summary>The plugin's fields with what they show.</summary>
    public IEnumerable<SettingInput> Inputs => Known.Select(known => new SettingInput(
        Source.PluginId, known, Fields.Values.GetValueOrDefault(known.Name), Errors.GetValueOrDefault(known.Name), Server.ProtectedSecrets.ContainsKey(known.Name)));

    /// <summary>Names of values that were sent and that no field takes.</summary>
    public IEnumerable<string> UnknownNames => Fields.Values.Keys.Except(Known.Select(known => known.Name));

    private IReadOnlyList<SettingField> Known => ToolFields.OfAdministrator(Source.Settings);

    /// <summary>The form as things stand.</summary>
    public static ToolServerForm Of(ToolSourceInfo source, ToolServer server, bool isNew) => new(source, server, new ToolServerFields
    {
        Name = server.Name,
        IsOn = server.IsOn,
        Values = ToolFields.OfAdministrator(source.Settings).ToDictionary(field => field.Name, field => server.Settings.GetValueOrDefault(field.Name) ?? field.Default),
    }, isNew)
    {
        Errors = isNew ? new Dictionary<string, string>() : SettingsFit.Misfits(ToolFields.OfAdministrator(source.Settings), server.Settings, server.ProtectedSecrets.Keys),
    };

    /// <summary>Adds what is wrong.</summary>
    public ToolServerForm With(InvalidInputException refused) => this with { Errors = refused.Fields };
}
