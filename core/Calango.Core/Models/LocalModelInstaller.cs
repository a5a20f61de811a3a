using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>Puts models onto this machine, one at a time, with or without a page that watches. Thread-safe.</summary>
public sealed class LocalModelInstaller
{
    /// <summary>What is or could be here; empty where no plugin runs local models.</summary>
    public Task<IReadOnlyList<LocalModel>> ListAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>The installation that runs, is paused or ended last; null: there was none since the start.</summary>
    public LocalInstall? Current => throw new NotImplementedException();

    /// <summary>Starts or resumes an installation and returns at once.</summary>
    /// <exception cref="LocalInstallBusyException">Another model is being installed.</exception>
    public LocalInstall Start(string modelId) => throw new NotImplementedException();

    /// <summary>Stops downloading and keeps what has come.</summary>
    public Task PauseAsync() => throw new NotImplementedException();

    /// <summary>Deletes a model, whole or half downloaded.</summary>
    public Task RemoveAsync(string modelId, CancellationToken cancellationToken) => throw new NotImplementedException();
}

/// <summary>How an installation stands. Immutable.</summary>
/// <param name="ModelId">What is installed.</param>
/// <param name="State">Where it is.</param>
/// <param name="ReceivedBytes">Bytes here.</param>
/// <param name="TotalBytes">Bytes in all; 0: not known yet.</param>
/// <param name="Failure">Why it failed.</param>
public sealed record LocalInstall(string ModelId, LocalInstallState State, long ReceivedBytes, long TotalBytes, Failure? Failure);

/// <summary>Where an installation is.</summary>
public enum LocalInstallState
{
    /// <summary>Files are coming.</summary>
    Downloading,

    /// <summary>Checksums are compared.</summary>
    Verifying,

    /// <summary>Paused; what has come is kept.</summary>
    Paused,

    /// <summary>Done.</summary>
    Installed,

    /// <summary>It failed; starting again goes on from what has come.</summary>
    Failed,
}

/// <summary>Another model is being installed.</summary>
public sealed class LocalInstallBusyException(string modelId) : Exception("Another model is being installed.")
{
    /// <summary>The model being installed.</summary>
    public string ModelId { get; } = modelId;
}
