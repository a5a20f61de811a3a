namespace Calango.Sdk;

/// <summary>
/// Keeps bytes under keys: pictures of people, packages of plugins. Called concurrently, from several servers on one store
/// too, and with the settings of more than one place: keeps no state of a place beyond what makes its calls quick.
/// <para>
/// A key has the form of <see cref="BlobKey"/>. A blob is there whole or not at all: whoever reads sees the old one or the
/// new one, never a mixture or a part, even where the process or the machine ends while it is written; once
/// <see cref="PutAsync"/> has returned it is there for good. A reader that has begun comes to the end of what it began with,
/// or fails; it never goes on with another blob's bytes.
/// </para>
/// <para>
/// Whatever goes wrong is a <see cref="BlobException"/>, from the streams too; a call that was cancelled throws
/// <see cref="OperationCanceledException"/> and leaves what was there before it.
/// </para>
/// </summary>
public interface IBlobStore
{
    /// <summary>The settings that a place needs. See <see cref="SettingsSchema"/>. None: there is one place, which needs no setting up.</summary>
    IReadOnlyList<SettingField> Settings { get; }

    /// <summary>Puts a blob there, in the place of the one that had the key.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="content">Read once from where it stands to its end; not disposed.</param>
    /// <param name="contentType">What it is, as HTTP says it; at most 100 characters of ASCII.</param>
    /// <param name="settings">Where.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>What is there now, with its digest.</returns>
    Task<BlobInfo> PutAsync(string key, Stream content, string contentType, SettingsValues settings, CancellationToken cancellationToken);

    /// <summary>Opens a blob. The caller disposes it.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="range">Which bytes; null: all. What lies behind the end is left out.</param>
    /// <param name="settings">Where.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="BlobException"><see cref="BlobErrorKind.NotFound"/>; <see cref="BlobErrorKind.InvalidRange"/>: it begins behind the end.</exception>
    Task<BlobContent> OpenAsync(string key, BlobRange? range, SettingsValues settings, CancellationToken cancellationToken);

    /// <summary>What is said of a blob; null: there is none.</summary>
    Task<BlobInfo?> FindAsync(string key, SettingsValues settings, CancellationToken cancellationToken);

    /// <summary>Deletes a blob; one that isn't there is fine.</summary>
    Task DeleteAsync(string key, SettingsValues settings, CancellationToken cancellationToken);

    /// <summary>
    /// The keys that begin with a text, in the order of their bytes, a page at a time. What is put or deleted meanwhile may
    /// be on a later page or not; all else is.
    /// </summary>
    /// <param name="prefix">The beginning; empty: all.</param>
    /// <param name="continuation">From the page before; null: the first page.</param>
    /// <param name="settings">Where.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<BlobPage> ListAsync(string prefix, string? continuation, SettingsValues settings, CancellationToken cancellationToken);
}

/// <summary>What is said of a blob.</summary>
/// <param name="Key">Its key.</param>
/// <param name="Length">Its bytes.</param>
/// <param name="ContentType">As it was put there.</param>
/// <param name="Sha256">Its SHA-256 in lower-case hexadecimal; null: it was put there by somebody else.</param>
public sealed record BlobInfo(string Key, long Length, string ContentType, string? Sha256);

/// <summary>Some bytes of a blob.</summary>
/// <param name="Offset">The first.</param>
/// <param name="Length">How many; null: to the end.</param>
public sealed record BlobRange(long Offset, long? Length = null);

/// <summary>Some keys.</summary>
/// <param name="Keys">At most 1,000.</param>
/// <param name="Continuation">For the next page; null: this is the last.</param>
public sealed record BlobPage(IReadOnlyList<string> Keys, string? Continuation);

/// <summary>A blob that was opened.</summary>
/// <param name="info">What is said of the whole blob.</param>
/// <param name="stream">The bytes that were asked for.</param>
public sealed class BlobContent(BlobInfo info, Stream stream) : IAsyncDisposable
{
    /// <summary>What is said of the whole blob.</summary>
    public BlobInfo Info { get; } = info;

    /// <summary>The bytes that were asked for.</summary>
    public Stream Stream { get; } = stream;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
