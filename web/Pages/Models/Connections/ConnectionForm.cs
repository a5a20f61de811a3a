using System.Globalization;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Web.Pages.Shared;

namespace Calango.Web.Pages.Models.Connections;

/// <summary>What a browser sends of a connection's form.</summary>
public sealed class ConnectionFields
{
    /// <summary>The provider of a new connection.</summary>
    public string? ProviderId { get; set; }

    /// <summary>The preset that was chosen.</summary>
    public string? PresetId { get; set; }

    /// <summary>The name; empty: the preset's.</summary>
    public string? Name { get; set; }

    /// <summary>The provider's settings, by field name.</summary>
    public Dictionary<string, string?> Values { get; set; } = [];

    /// <inheritdoc cref="TimeLimits"/>
    public string? FirstTokenSeconds { get; set; }

    /// <inheritdoc cref="TimeLimits"/>
    public string? BetweenTokensSeconds { get; set; }

    /// <inheritdoc cref="TimeLimits"/>
    public string? WholeTurnSeconds { get; set; }

    /// <summary>How many calls at once; empty: any number.</summary>
    public string? MaxConcurrent { get; set; }

    /// <summary>The pool; empty: none.</summary>
    public string? Pool { get; set; }

    /// <summary>As the kernel takes it.</summary>
    public ConnectionInput ToInput(string providerId, ProviderPreset? preset) => new(
        providerId,
        preset?.Id ?? "",
        string.IsNullOrWhiteSpace(Name) ? preset?.Name ?? "" : Name,
        Values,
        new TimeLimits(Whole(FirstTokenSeconds), Whole(BetweenTokensSeconds), Whole(WholeTurnSeconds)))
    {
        Load = new ConnectionLoad(string.IsNullOrWhiteSpace(MaxConcurrent) ? null : Whole(MaxConcurrent), Pool?.Trim() ?? ""),
    };

    // What isn't a whole number is out of range as well.
    private static int Whole(string? text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

/// <summary>The form of a connection: what its fields show, and what is said about it. A secret is never among it.</summary>
public sealed class ConnectionForm
{
    private ConnectionForm(Guid? id, ProviderInfo provider, ProviderPreset? preset, ConnectionFields fields)
    {
        (Id, Provider, Preset, Fields) = (id, provider, preset, fields);
    }

    /// <summary>The connection that is changed; null: a new one.</summary>
    public Guid? Id { get; }

    /// <summary>Its provider.</summary>
    public ProviderInfo Provider { get; }

    /// <summary>Its preset.</summary>
    public ProviderPreset? Preset { get; }

    /// <summary>What was typed, or what the fields begin with.</summary>
    public ConnectionFields Fields { get; }

    /// <summary>The secrets that are stored.</summary>
    public IReadOnlySet<string> StoredSecrets { get; private init; } = new HashSet<string>();

    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; private set; } = new Dictionary<string, string>();

    /// <summary>Names of values that were sent and that no field takes.</summary>
    public IEnumerable<string> UnknownNames => Fields.Values.Keys.Except(Provider.Settings.Select(known => known.Name));

    /// <summary>How the test went; null: there was none.</summary>
    public ConnectionTest? Test { get; private set; }

    /// <summary>The address changed, so the saved key is gone.</summary>
    public bool IsKeyCleared { get; init; }

    /// <summary>Where it is saved.</summary>
    public string Action => Id is { } id ? $"/models/connections/{id}" : "/models/connections/new";

    /// <summary>Where it is tried.</summary>
    public string TestAction => Id is { } id ? $"/models/connections/test/{id}" : "/models/connections/test";

    /// <summary>A new connection's form.</summary>
    public static ConnectionForm New(ProviderInfo provider, ProviderPreset? preset, string? address = null)
    {
        var values = provider.Settings.ToDictionary(field => field.Name, field => preset?.Values.GetValueOrDefault(field.Name) ?? field.Default);
        if (address is not null && provider.Settings.FirstOrDefault(field => field.Kind == SettingKind.Address) is { } place)
        {
            values[place.Name] = address;
        }

        return new ConnectionForm(null, provider, preset, FieldsOf("", values, new TimeLimits(), new ConnectionLoad()));
    }

    /// <summary>The form of a stored connection.</summary>
    public static ConnectionForm Of(Connection connection, ProviderInfo provider, bool isKeyCleared = false)
    {
        var values = provider.Settings.ToDictionary(field => field.Name, field => connection.Settings.GetValueOrDefault(field.Name) ?? field.Default);
        return new ConnectionForm(connection.Id, provider, PresetOf(provider, connection.PresetId), FieldsOf(connection.Name, values, connection.Limits, connection.Load))
        {
            StoredSecrets = connection.ProtectedSecrets.Keys.ToHashSet(),
            Errors = SettingsFit.Misfits(provider.Settings, connection.Settings, connection.ProtectedSecrets.Keys),
            IsKeyCleared = isKeyCleared,
        };
    }

    /// <summary>The form as it was sent.</summary>
    public static ConnectionForm Sent(ConnectionFields fields, ProviderInfo provider, Connection? stored) =>
        new(stored?.Id, provider, PresetOf(provider, stored?.PresetId ?? fields.PresetId), fields)
        {
            StoredSecrets = stored?.ProtectedSecrets.Keys.ToHashSet() ?? [],
        };

    /// <summary>What the kernel is given.</summary>
    public ConnectionInput Input => Fields.ToInput(Provider.Id, Preset);

    /// <summary>The provider's fields with what they show.</summary>
    public IEnumerable<SettingInput> Inputs => Provider.Settings.Select(known => new SettingInput(
        Provider.PluginId, known, Fields.Values.GetValueOrDefault(known.Name), Errors.GetValueOrDefault(known.Name), StoredSecrets.Contains(known.Name)));

    /// <summary>The same, with what is wrong.</summary>
    public ConnectionForm With(InvalidInputException refused)
    {
        Errors = refused.Fields;
        return this;
    }

    /// <summary>The same, with how the test went.</summary>
    public ConnectionForm With(ConnectionTest test)
    {
        Test = test;
        return this;
    }

    private static ProviderPreset? PresetOf(ProviderInfo provider, string? id) => provider.Presets.FirstOrDefault(preset => preset.Id == id);

    private static ConnectionFields FieldsOf(string name, Dictionary<string, string?> values, TimeLimits limits, ConnectionLoad load) => new()
    {
        Name = name,
        Values = values,
        FirstTokenSeconds = limits.FirstTokenSeconds.ToString(CultureInfo.InvariantCulture),
        BetweenTokensSeconds = limits.BetweenTokensSeconds.ToString(CultureInfo.InvariantCulture),
        WholeTurnSeconds = limits.WholeTurnSeconds.ToString(CultureInfo.InvariantCulture),
        MaxConcurrent = load.MaxConcurrent?.ToString(CultureInfo.InvariantCulture),
        Pool = load.Pool,
    };
}
