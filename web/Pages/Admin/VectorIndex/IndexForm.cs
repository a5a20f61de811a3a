using Calango.Core.Knowledge;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Web.Pages.Shared;

namespace Calango.Web.Pages.Admin.VectorIndex;

/// <summary>What a browser sends of the form of an index.</summary>
public sealed class IndexFields
{
    /// <summary>The plugin's settings, by field name.</summary>
    public Dictionary<string, string?> Values { get; set; } = [];
}

/// <summary>How a trial went.</summary>
/// <param name="Failure">What exactly is wrong; null: all is well.</param>
public sealed record IndexTest(Failure? Failure);

/// <summary>A place and how it stands.</summary>
/// <param name="Place">The place.</param>
/// <param name="Progress">How far it is.</param>
/// <param name="PluginName">Its plugin's name; null: it needs none.</param>
public sealed record IndexCard(IndexPlace Place, IndexProgress Progress, string? PluginName);

/// <summary>The form of a plugin's index: what its fields show, and what is said about it. A secret is never among it.</summary>
/// <param name="Index">The index.</param>
/// <param name="Fields">What was entered, or what the fields begin with.</param>
/// <param name="Last">The place that was set up last with it; null: none was.</param>
public sealed record IndexForm(PassageIndexInfo Index, IndexFields Fields, IndexPlace? Last)
{
    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>How the trial went; null: there was none.</summary>
    public IndexTest? Test { get; init; }

    /// <summary>The plugin's fields with what they show.</summary>
    public IEnumerable<SettingInput> Inputs => Index.Settings.Select(known => new SettingInput(
        Index.PluginId, known, Fields.Values.GetValueOrDefault(known.Name), Errors.GetValueOrDefault(known.Name), Last?.ProtectedSecrets.ContainsKey(known.Name) == true));

    /// <summary>Names of values that were sent and that no field takes.</summary>
    public IEnumerable<string> UnknownNames => Fields.Values.Keys.Except(Index.Settings.Select(known => known.Name));

    /// <summary>The form as things stand.</summary>
    public static IndexForm Of(PassageIndexInfo index, IndexPlace? last) => new(index, new IndexFields
    {
        Values = index.Settings.ToDictionary(field => field.Name, field => last?.Settings.GetValueOrDefault(field.Name) ?? field.Default),
    }, last);
}
