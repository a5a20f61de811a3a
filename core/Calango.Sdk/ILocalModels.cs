namespace Calango.Sdk;

/// <summary>
/// Models that run on this machine. The kernel talks to a running chat model through the OpenAI-compatible provider, and to
/// embedding models where the same class is an <see cref="IEmbeddingProvider"/>, without settings. Thread-safe.
/// </summary>
public interface ILocalModels
{
    /// <summary>The catalogue, and what was found in the models folder, installed or not. Reads disk only; never the network.</summary>
    Task<IReadOnlyList<LocalModel>> ListAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Downloads a model of the catalogue, verifies each file and yields progress at most ten times a second; the last
    /// has <see cref="InstallStage.Installed"/>. Cancelling keeps what has come: the next call goes on from there. What is here
    /// already is verified, and fetched anew where it is damaged.
    /// </summary>
    /// <exception cref="LocalModelException">No source could be reached, a checksum is wrong, or the disk is full.</exception>
    IAsyncEnumerable<InstallProgress> InstallAsync(string modelId, CancellationToken cancellationToken);

    /// <summary>Deletes a model's files, whole or half downloaded; stops it first if it runs.</summary>
    Task RemoveAsync(string modelId, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes what is left of downloads with which nobody has gone on since a time; what is being downloaded now stays.
    /// Returns how many files it deleted.
    /// </summary>
    Task<int> RemoveAbandonedAsync(DateTimeOffset since, CancellationToken cancellationToken);

    /// <summary>What this machine can run models on, and what was chosen.</summary>
    LocalDevices Devices { get; }

    /// <summary>
    /// Starts the model if it doesn't run, waits until it answers, and keeps it running until the endpoint is disposed;
    /// some idle minutes later it stops.
    /// </summary>
    /// <param name="modelId">An installed chat model.</param>
    /// <param name="contextTokens">The window wanted; null: the model's own, at most what memory allows.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ProviderException"><see cref="ProviderErrorKind.LocalModelUnavailable"/> with the reason, or <see cref="ProviderErrorKind.ModelNotFound"/>.</exception>
    Task<ILocalEndpoint> AcquireAsync(string modelId, int? contextTokens, CancellationToken cancellationToken);
}

/// <summary>A running model's address, speaking the OpenAI protocol on loopback. Dispose when the request has ended.</summary>
public interface ILocalEndpoint : IAsyncDisposable
{
    /// <summary>The base address, ending in <c>/v1</c>.</summary>
    Uri Address { get; }

    /// <summary>The key without which the endpoint answers 401: another local user must not reach it.</summary>
    string Key { get; }
}

/// <summary>One model that this machine has or could have.</summary>
/// <param name="Id">Stable; used as the model id in a connection.</param>
/// <param name="Name">For people.</param>
/// <param name="DescriptionKey">A locale key of the plugin's, or null for a file somebody dropped in.</param>
/// <param name="Languages">BCP 47 tags in which it is usable.</param>
/// <param name="Licence">SPDX id, where known.</param>
/// <param name="DownloadBytes">What a download takes; 0 if the file is there already.</param>
/// <param name="MemoryBytes">What running it takes, roughly.</param>
/// <param name="ContextTokens">The window it was trained for.</param>
/// <param name="State">Whether it is here.</param>
/// <param name="ReceivedBytes">How much of a half download is here.</param>
public sealed record LocalModel(
    string Id,
    string Name,
    string? DescriptionKey,
    IReadOnlyList<string> Languages,
    string? Licence,
    long DownloadBytes,
    long MemoryBytes,
    int ContextTokens,
    LocalModelState State,
    long ReceivedBytes)
{
    /// <summary>What it is for.</summary>
    public LocalModelPurpose Purpose { get; init; }

    /// <summary>Why it does not run the way it would run best on this machine, in plain English for the page; null if it does.</summary>
    public string? FallbackReason { get; init; }
}

/// <summary>What a local model is for.</summary>
public enum LocalModelPurpose
{
    /// <summary>It answers.</summary>
    Chat,

    /// <summary>It turns texts into vectors.</summary>
    Embedding,
}

/// <summary>Whether a local model is on this machine.</summary>
public enum LocalModelState
{
    /// <summary>In the catalogue, not downloaded.</summary>
    Available,

    /// <summary>Partly downloaded; installing resumes it.</summary>
    Partial,

    /// <summary>Ready to run.</summary>
    Installed,
}

/// <summary>How far an installation is.</summary>
/// <param name="Stage">What is being done.</param>
/// <param name="ReceivedBytes">Bytes here.</param>
/// <param name="TotalBytes">Bytes in all.</param>
public sealed record InstallProgress(InstallStage Stage, long ReceivedBytes, long TotalBytes);

/// <summary>The steps of an installation, in order.</summary>
public enum InstallStage
{
    /// <summary>Files are coming.</summary>
    Downloading,

    /// <summary>Files are put together and their SHA-256 is compared.</summary>
    Verifying,

    /// <summary>Done.</summary>
    Installed,
}

/// <summary>What was found to run models on.</summary>
/// <param name="Chosen">The device in use, e.g. <c>CPU (AVX2)</c>.</param>
/// <param name="Found">All devices found, the chosen one included.</param>
/// <param name="GpuLayers">How many layers of a model go to the device; 0 on the CPU.</param>
/// <param name="FallbackReason">Why a device that is there isn't used, in plain English for the log and the page; null if the best one is.</param>
public sealed record LocalDevices(string Chosen, IReadOnlyList<string> Found, int GpuLayers, string? FallbackReason);

/// <summary>A local model could not be installed.</summary>
public sealed class LocalModelException(LocalModelErrorKind kind, string detail) : Exception(detail)
{
    /// <summary>What went wrong.</summary>
    public LocalModelErrorKind Kind { get; } = kind;
}

/// <summary>Why an installation failed.</summary>
public enum LocalModelErrorKind
{
    /// <summary>The id is neither in the catalogue nor in the models folder.</summary>
    UnknownModel,

    /// <summary>No source of a file could be reached.</summary>
    DownloadFailed,

    /// <summary>A file's SHA-256 is not the catalogue's; what came was deleted.</summary>
    ChecksumMismatch,

    /// <summary>The disk has no room.</summary>
    DiskFull,
}
