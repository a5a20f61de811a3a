using Calango.Core.Events;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Web.Pages.Shared;

namespace Calango.Web.Pages.Plugins;

/// <summary>What a browser sends of a sink's form.</summary>
public sealed class SinkFields
{
    /// <summary>Whether events go there.</summary>
    public bool IsOn { get; set; }

    /// <summary>Whether what people and models write goes along.</summary>
    public bool SeesText { get; set; }

    /// <summary>The plugin's settings, by field name.</summary>
    public Dictionary<string, string?> Values { get; set; } = [];
}

/// <summary>How a trial went.</summary>
/// <param name="Failure">What exactly is wrong; null: the event has arrived.</param>
public sealed record SinkTest(Failure? Failure);

/// <summary>The form of a sink: what its fields show, and what is said about it. A secret is never among it.</summary>
public sealed class SinkForm
{
    private readonly IEnumerable<string> storedSecrets;

    private SinkForm(SinkInfo sink, SinkFields fields, PluginSettings? stored) =>
        (Sink, Fields, storedSecrets) = (sink, fields, stored?.ProtectedSecrets.Keys ?? []);

    /// <summary>The sink.</summary>
    public SinkInfo Sink { get; }

    /// <summary>What was entered, or what the fields begin with.</summary>
    public SinkFields Fields { get; }

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; private set; } = new Dictionary<string, string>();

    /// <summary>How the trial went; null: there was none.</summary>
    public SinkTest? Test { get; private set; }

    /// <summary>Where it is saved.</summary>
    public string Action => $"/plugins/{Sink.PluginId}";

    /// <summary>What the kernel is given.</summary>
    public SinkInput Input => new(Fields.IsOn, Fields.SeesText, Fields.Values);

    /// <summary>The plugin's fields with what they show.</summary>
    public IEnumerable<SettingInput> Inputs => Sink.Settings.Select(known => new SettingInput(
        Sink.PluginId, known, Fields.Values.GetValueOrDefault(known.Name), Errors.GetValueOrDefault(known.Name), storedSecrets.Contains(known.Name)));

    /// <summary>Names of values that were sent and that no field takes.</summary>
    public IEnumerable<string> UnknownNames => Fields.Values.Keys.Except(Sink.Settings.Select(known => known.Name));

    /// <summary>The form as things stand.</summary>
    public static SinkForm Of(SinkInfo sink, PluginSettings? stored) => new(
        sink,
        new SinkFields
        {
            IsOn = stored is { IsOn: true },
            SeesText = stored is { SeesText: true },
            Values = sink.Settings.ToDictionary(field => field.Name, field => stored?.Settings.GetValueOrDefault(field.Name) ?? field.Default),
        },
        stored)
    {
        Errors = stored is null ? new Dictionary<string, string>() : SettingsFit.Misfits(sink.Settings, stored.Settings, stored.ProtectedSecrets.Keys),
    };

    /// <summary>The form as it was sent.</summary>
    public static SinkForm Sent(SinkFields fields, SinkInfo sink, PluginSettings? stored) => new(sink, fields, stored);

    /// <summary>Adds what is wrong.</summary>
    public void With(InvalidInputException refused) => Errors = refused.Fields;

    /// <summary>Adds how the trial went.</summary>
    public void With(SinkTest test) => Test = test;
}
