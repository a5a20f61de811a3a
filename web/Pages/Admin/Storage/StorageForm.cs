using Calango.Core.Files;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Web.Pages.Shared;

namespace Calango.Web.Pages.Admin.Storage;

/// <summary>What a browser sends of the form of a store.</summary>
public sealed class StorageFields
{
    /// <summary>The plugin's settings, by field name.</summary>
    public Dictionary<string, string?> Values { get; set; } = [];
}

/// <summary>How a trial went.</summary>
/// <param name="Failure">What exactly is wrong; null: all is well.</param>
public sealed record StorageTest(Failure? Failure);

/// <summary>A place and how it stands.</summary>
/// <param name="Place">The place.</param>
/// <param name="Name">Its store's name.</param>
/// <param name="IsBusy">Whether a move runs.</param>
public sealed record PlaceCard(BlobPlace Place, string Name, bool IsBusy);

/// <summary>The form of a store: what its fields show, and what is said about it. A secret is never among it.</summary>
/// <param name="Store">The store.</param>
/// <param name="Fields">What was entered, or what the fields begin with.</param>
/// <param name="Last">The place that was set up last with it; null: none was.</param>
public sealed record StorageForm(BlobStoreInfo Store, StorageFields Fields, BlobPlace? Last)
{
    /// <summary>What is wrong, by field.</summary>
    public IReadOnlyDictionary<string, string> Errors { get; init; } = new Dictionary<string, string>();

    /// <summary>Why nothing is moved now; null: it can be.</summary>
    public string? Refusal { get; init; }

    /// <summary>How the trial went; null: there was none.</summary>
    public StorageTest? Test { get; init; }

    /// <summary>The plugin's fields with what they show.</summary>
    public IEnumerable<SettingInput> Inputs => Store.Settings.Select(known => new SettingInput(
        Store.PluginId, known, Fields.Values.GetValueOrDefault(known.Name), Errors.GetValueOrDefault(known.Name), Last?.ProtectedSecrets.ContainsKey(known.Name) == true));

    /// <summary>Names of values that were sent and that no field takes.</summary>
    public IEnumerable<string> UnknownNames => Fields.Values.Keys.Except(Store.Settings.Select(known => known.Name));

    /// <summary>The form as things stand.</summary>
    public static StorageForm Of(BlobStoreInfo store, BlobPlace? last) => new(store, new StorageFields
    {
        Values = store.Settings.ToDictionary(field => field.Name, field => last?.Settings.GetValueOrDefault(field.Name) ?? field.Default),
    }, last);

    /// <summary>The form as it was sent.</summary>
    public static StorageForm Sent(BlobStoreInfo store, StorageFields fields, BlobPlace? last) => new(store, fields, last);
}
