using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>Asks a plugin that has started whether it can work, before it takes the place of one that does. Nothing is sent anywhere.</summary>
internal static class PluginHealth
{
    /// <exception cref="PluginRejectedException">It cannot, with the reason.</exception>
    /// <exception cref="PluginFault">It failed where it must not.</exception>
    public static void Check(PluginParts parts)
    {
        foreach (var provider in parts.Providers)
        {
            RequireFields(provider.Info.Settings, asksPeople: false);
            RequirePresets(provider.Info);
            Connect(provider);
        }

        if (parts.EventSink is { } sink)
        {
            RequireFields(sink.Info.Settings, asksPeople: false);
        }

        if (parts.ToolSource is { } tools)
        {
            RequireFields(tools.Info.Settings, asksPeople: true);
        }

        if (parts.BlobStore is { } blobs)
        {
            RequireFields(blobs.Info.Settings, asksPeople: false);
        }

        if (parts.PassageIndex is { } index)
        {
            RequireFields(index.Info.Settings, asksPeople: false);
        }
    }

    private static void RequireFields(IReadOnlyList<SettingField> fields, bool asksPeople)
    {
        if (!asksPeople && fields.FirstOrDefault(field => field.Level != SettingLevel.Administrator) is { } personal)
        {
            throw new PluginRejectedException($"it has the setting '{personal.Name}' for each person, which only a source of tools may");
        }

        // Else a secret of everybody's would go wherever one person says.
        if (fields.FirstOrDefault(field => field is { ClearsSecrets: true, Level: not SettingLevel.Administrator }) is { } place && fields.Any(field => field is { Kind: SettingKind.Secret, Level: not SettingLevel.Person }))
        {
            throw new PluginRejectedException($"its setting '{place.Name}' lets each person say where secrets of everybody's go");
        }

        if (fields.FirstOrDefault(field => fields.Count(other => other.Name == field.Name) > 1) is { } twice)
        {
            throw new PluginRejectedException($"it has the setting '{twice.Name}' twice");
        }
    }

    private static void RequirePresets(ProviderInfo provider)
    {
        foreach (var preset in provider.Presets)
        {
            if (preset.Values.Keys.Except(provider.Settings.Select(field => field.Name)).FirstOrDefault() is { } unknown)
            {
                throw new PluginRejectedException($"its preset '{preset.Id}' fills in '{unknown}', which is no setting");
            }
        }
    }

    // The first time that the plugin's own code makes a client, with all that this loads: what is missing or doesn't fit shows here.
    private static void Connect(GuardedProvider provider)
    {
        try
        {
            using var client = provider.Connect("health", new SettingsValues(provider.Info.Presets.FirstOrDefault()?.Values ?? new Dictionary<string, string>()));
        }
        catch (ProviderException)
        {
            // It wants a setting that only a person has.
        }
    }
}
