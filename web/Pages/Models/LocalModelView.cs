using Calango.Core.Models;
using Calango.Sdk;

namespace Calango.Web.Pages.Models;

/// <summary>A model that this machine has or could have, as it is shown.</summary>
public sealed record LocalModelView
{
    private readonly LocalInstall? other;

    /// <summary>Joins the model with the installation that goes on, whichever it is of.</summary>
    public LocalModelView(LocalModel model, LocalInstall? current, ModelRef? reference)
    {
        Model = model;
        Ref = reference;
        Install = current?.ModelId == model.Id ? current : null;
        other = Install is null ? current : null;
    }

    /// <summary>The model.</summary>
    public LocalModel Model { get; }

    /// <summary>Its installation; null: there was none since the start.</summary>
    public LocalInstall? Install { get; }

    /// <summary>Names it among those that can be chosen; null: it isn't here.</summary>
    public ModelRef? Ref { get; }

    /// <summary>It is the way to a first chat: that begins as soon as the model is here.</summary>
    public bool IsFirstRun { get; init; }

    /// <summary>Files are coming or being checked.</summary>
    public bool IsRunning => Install is { State: LocalInstallState.Downloading or LocalInstallState.Verifying };

    /// <summary>Another model is being installed: this one waits.</summary>
    public bool MustWait => other is { State: LocalInstallState.Downloading or LocalInstallState.Verifying };

    /// <summary>It can be used.</summary>
    public bool IsHere => Model.State == LocalModelState.Installed && !IsRunning;

    /// <summary>Its files can be compared with the checksums of the catalogue.</summary>
    public bool CanBeVerified => IsHere && Model.DescriptionKey is not null;

    /// <summary>Somebody dropped it in, and it cannot be used here.</summary>
    public bool IsUnusable => Model is { State: LocalModelState.Available, DescriptionKey: null, FallbackReason: not null };

    /// <summary>Bytes here.</summary>
    public long ReceivedBytes => IsRunning && Install!.TotalBytes > 0 ? Install.ReceivedBytes : Model.ReceivedBytes;

    /// <summary>Bytes in all.</summary>
    public long TotalBytes => IsRunning && Install!.TotalBytes > 0 ? Install.TotalBytes : Model.DownloadBytes;

    /// <summary>How far it is, from 0 to 100.</summary>
    public int Percent => TotalBytes > 0 ? (int)(ReceivedBytes * 100 / TotalBytes) : 0;

    /// <summary>The end of the locale key that says how it stands.</summary>
    public string StateKey => this switch
    {
        { Install.State: LocalInstallState.Verifying } => "verifying",
        { IsRunning: true } => "downloading",
        { IsHere: true } => "installed",
        { IsUnusable: true } => "unusable",
        { Model.State: LocalModelState.Partial } or { Install.State: LocalInstallState.Paused } => "paused",
        _ => "available",
    };

    /// <summary>Where a chat with it begins; null: it isn't here, or does not answer.</summary>
    public string? ChatUrl => Ref is { } reference && IsHere && Model.Purpose == LocalModelPurpose.Chat ? $"/models/default?model={Uri.EscapeDataString(reference.ToString())}" : null;

    /// <summary>The model's address.</summary>
    public string Url => UrlOf("/models/local/model");

    /// <summary>The address of its installation.</summary>
    public string InstallUrl => UrlOf("/models/local/installation");

    /// <summary>The address of the question before it is removed.</summary>
    public string DeletionUrl => UrlOf("/models/local/deletion");

    /// <summary>The id of its element: letters and digits only, whatever a dropped-in file is called.</summary>
    public string ElementId => "local-" + string.Concat(Model.Id.Select(character => char.IsAsciiLetterOrDigit(character) ? character : '-'));

    private string UrlOf(string path) => $"{path}?model={Uri.EscapeDataString(Model.Id)}{(IsFirstRun ? "&firstRun=true" : "")}";
}
