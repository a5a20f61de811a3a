namespace Calango.Core.Plugins;

/// <summary>What a package is and asks for, found out without running any of its code.</summary>
public sealed record PackageInspection
{
    /// <summary>The SHA-256 of the whole package: what is consented to.</summary>
    public required string Digest { get; init; }

    /// <summary>What it says of itself: name, version, publisher, capabilities, dependencies, what it provides, what is new.</summary>
    public required PluginManifest Manifest { get; init; }

    /// <summary>How far it is trusted.</summary>
    public required PluginTrustLevel Level { get; init; }

    /// <summary>The key that signed it, to be trusted if somebody wants to; null: it is unsigned.</summary>
    public string? PublicKey { get; init; }

    /// <summary>The settings that it declares.</summary>
    public required IReadOnlyList<DeclaredSetting> Settings { get; init; }

    /// <summary>Whether it will run in a process of its own, with no more than what it asks for.</summary>
    public bool IsIsolated { get; init; }

    /// <summary>Why no plugin can be isolated here: the end of the locale key <c>plugins.isolation.{code}</c>; null: they can be.</summary>
    public string? IsolationRefusal { get; init; }

    /// <summary>Whether it would run in the server's process although it is not trusted, or wants to be isolated: that must be accepted in so many words.</summary>
    public bool NeedsInProcessAccepted { get; init; }

    /// <summary>Whether it takes the place of a plugin that came with the server.</summary>
    public bool ReplacesBuiltIn { get; init; }

    /// <summary>Why this very version was not started any more; null: it never came to that.</summary>
    public PluginQuarantine? Quarantine { get; init; }

    /// <summary>What is different from the version that is installed; null: none is.</summary>
    public PackageChanges? Changes { get; init; }
}

/// <summary>What an update changes.</summary>
public sealed record PackageChanges
{
    /// <summary>The version that is installed.</summary>
    public required string FromVersion { get; init; }

    /// <summary>What it asks for now and did not before, as <c>network example.com</c>, <c>files *</c>, <c>secrets</c>, <c>native</c>.</summary>
    public required IReadOnlyList<string> NewCapabilities { get; init; }

    /// <summary>What it asked for and does no longer.</summary>
    public required IReadOnlyList<string> DroppedCapabilities { get; init; }

    /// <summary>Settings that weren't there.</summary>
    public required IReadOnlyList<DeclaredSetting> NewSettings { get; init; }

    /// <summary>Settings that are gone.</summary>
    public required IReadOnlyList<DeclaredSetting> DroppedSettings { get; init; }

    /// <summary>Settings that are of another kind, take other values, or are asked of others, as they are now.</summary>
    public required IReadOnlyList<DeclaredSetting> ChangedSettings { get; init; }

    /// <summary>What it provides now and did not before.</summary>
    public required IReadOnlyList<string> NewProvides { get; init; }

    /// <summary>What it provided and does no longer.</summary>
    public required IReadOnlyList<string> DroppedProvides { get; init; }

    internal static PackageChanges Between(PluginManifest before, IReadOnlyList<DeclaredSetting> settingsBefore, PluginManifest after, IReadOnlyList<DeclaredSetting> settingsAfter) => new()
    {
        FromVersion = before.Version,
        NewCapabilities = [.. Named(after.Capabilities).Except(Named(before.Capabilities))],
        DroppedCapabilities = [.. Named(before.Capabilities).Except(Named(after.Capabilities))],
        NewSettings = [.. settingsAfter.ExceptBy(settingsBefore.Select(setting => setting.Name), setting => setting.Name)],
        DroppedSettings = [.. settingsBefore.ExceptBy(settingsAfter.Select(setting => setting.Name), setting => setting.Name)],
        ChangedSettings = [.. settingsAfter.Except(settingsBefore).IntersectBy(settingsBefore.Select(setting => setting.Name), setting => setting.Name)],
        NewProvides = [.. after.Provides.Except(before.Provides)],
        DroppedProvides = [.. before.Provides.Except(after.Provides)],
    };

    private static IEnumerable<string> Named(PluginCapabilities capabilities) =>
    [
        .. capabilities.Network.Select(host => $"network {host}"),
        .. capabilities.Files.Select(folder => $"files {folder}"),
        .. capabilities.Secrets ? ["secrets"] : Array.Empty<string>(),
        .. capabilities.Native ? ["native"] : Array.Empty<string>(),
    ];
}

/// <summary>What an administrator has consented to: exactly what was shown.</summary>
/// <param name="Digest">The package that was looked at.</param>
/// <param name="Level">How far it was said to be trusted.</param>
/// <param name="AcceptsInProcess">Whether it may run in the server's process although it is not trusted.</param>
/// <param name="Catalog">The catalog that it was found in, which can take it back; null: none.</param>
public sealed record PluginConsent(string Digest, PluginTrustLevel Level, bool AcceptsInProcess = false, Guid? Catalog = null);

/// <summary>A plugin as it is installed, with what the server knows of it.</summary>
/// <param name="Id">The plugin.</param>
/// <param name="Manifest">Of the version that is to serve; null: its files cannot be read.</param>
/// <param name="Level">How far it is trusted now.</param>
/// <param name="Enabled">Whether it is to serve.</param>
/// <param name="PreviousVersion">What it can go back to; null: nothing.</param>
/// <param name="Quarantine">Why it may not be started; null: it may.</param>
/// <param name="Newer">Newer versions that may not be started; the one that is to serve took their place.</param>
/// <param name="IsRevoked">Whether it or its publisher's key was taken back: it serves until the next start.</param>
/// <param name="Status">How it stands; null: nobody has tried to start it.</param>
public sealed record InstalledPluginInfo(
    string Id, PluginManifest? Manifest, PluginTrustLevel Level, bool Enabled, string? PreviousVersion, PluginQuarantine? Quarantine, IReadOnlyList<PluginQuarantine> Newer, bool IsRevoked, PluginStatus? Status);
