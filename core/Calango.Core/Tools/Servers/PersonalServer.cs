using Calango.Sdk;

namespace Calango.Core.Tools;

/// <summary>A server of tools that asks each person for something.</summary>
/// <param name="Server">The server.</param>
/// <param name="Fields">What it asks for.</param>
/// <param name="Stored">What the person has entered; null: nothing.</param>
/// <param name="Place">Stands for where their secrets go.</param>
/// <param name="Host">Where their secrets go, for people; null: it has no address.</param>
public sealed record PersonalServer(ToolServer Server, IReadOnlyList<SettingField> Fields, PersonalSettings? Stored, string Place, string? Host)
{
    /// <summary>It cannot be used for this person: something that it needs of them is not there.</summary>
    public bool Lacks => Fields.Any(asked => asked is { Required: true, Default: null or "" } && !Has(asked));

    /// <summary>Whether a secret is stored.</summary>
    public bool HasSecret(SettingField field) => field.Kind == SettingKind.Secret && Has(field);

    private bool Has(SettingField field) =>
        Stored?.StoredFor(Place) is { } stored && (field.Kind == SettingKind.Secret ? stored.ProtectedSecrets : stored.Settings).ContainsKey(field.Name);
}

/// <summary>What a person enters for a server of tools.</summary>
/// <param name="Place">Where their secrets were said to go.</param>
/// <param name="Values">By field name. A secret that is null or empty keeps the stored one.</param>
public sealed record PersonalInput(string? Place, IReadOnlyDictionary<string, string?> Values);
