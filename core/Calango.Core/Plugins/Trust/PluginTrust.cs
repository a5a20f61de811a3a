using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>Whom this server trusts, and what was taken back. Thread-safe.</summary>
public sealed class PluginTrust
{
    private readonly StoreFolders _folders;
    private readonly TimeProvider _clock;
    private readonly Lock _lock = new();

    internal PluginTrust(StoreFolders folders, TimeProvider clock) => (_folders, _clock) = (folders, clock);

    /// <summary>The publishers that are trusted.</summary>
    public IReadOnlyList<TrustedPublisher> Publishers => Read().Publishers;

    /// <summary>The ids of keys and the digests of packages that were taken back.</summary>
    public IReadOnlyList<string> Revoked => Read().Revoked;

    /// <summary>Trusts a publisher from now on.</summary>
    /// <param name="name">As its packages name it.</param>
    /// <param name="publicKey">Base64 or PEM.</param>
    /// <exception cref="RejectedException">It is no key, or one that was taken back; or the name is empty or too long.</exception>
    public TrustedPublisher Add(string name, string publicKey)
    {
        using var key = PublisherKey.FromPublic(publicKey);
        if (name.Trim() is not { Length: > 0 and <= 100 } trimmed)
        {
            throw new RejectedException("plugin.publisher.name");
        }

        lock (_lock)
        {
            var record = Read();
            if (record.Revoked.Contains(key.Id))
            {
                throw new RejectedException("plugin.revoked.key");
            }

            var publisher = new TrustedPublisher(trimmed, key.Id, key.PublicKey, _clock.GetUtcNow());
            Write(record with { Publishers = [.. record.Publishers.Where(other => other.Key != key.Id), publisher] });
            return publisher;
        }
    }

    /// <summary>Trusts a publisher no longer. What is installed of it goes on until the server is started again.</summary>
    /// <exception cref="NotFoundException">It wasn't trusted.</exception>
    public void Remove(string key)
    {
        lock (_lock)
        {
            var record = Read();
            Write(record with { Publishers = [.. record.Publishers.Where(publisher => publisher.Key != key)] });
            if (record.Publishers.All(publisher => publisher.Key != key))
            {
                throw new NotFoundException();
            }
        }
    }

    /// <summary>Takes keys or packages back for good, unless an administrator has allowed them again: nothing of them is installed or started any more.</summary>
    public void Revoke(IEnumerable<string> keysAndDigests)
    {
        lock (_lock)
        {
            var record = Read();
            var revoked = record.Revoked.Union(keysAndDigests.Except(record.Allowed)).ToList();
            if (revoked.Count > record.Revoked.Count)
            {
                Write(record with { Revoked = revoked, Publishers = [.. record.Publishers.Where(publisher => !revoked.Contains(publisher.Key))] });
            }
        }
    }

    /// <summary>
    /// Lets a key or a package be used again that was taken back, as where a catalog had no right to, whatever a catalog says
    /// of it later. A key is not trusted by that.
    /// </summary>
    /// <exception cref="NotFoundException">It wasn't taken back.</exception>
    public void Restore(string keyOrDigest)
    {
        lock (_lock)
        {
            var record = Read();
            if (!record.Revoked.Contains(keyOrDigest))
            {
                throw new NotFoundException();
            }

            Write(record with { Revoked = [.. record.Revoked.Where(one => one != keyOrDigest)], Allowed = [.. record.Allowed, keyOrDigest] });
        }
    }

    /// <summary>How far a signed or unsigned package is trusted.</summary>
    /// <exception cref="RejectedException">Its key says another name than it was trusted under.</exception>
    internal PluginTrustLevel LevelOf(PluginManifest manifest) =>
        manifest.Key is null ? PluginTrustLevel.Unsigned
        : Publishers.FirstOrDefault(publisher => publisher.Key == manifest.Key) is not { } publisher ? PluginTrustLevel.SignedByStranger
        : publisher.Name == manifest.Publisher ? PluginTrustLevel.Trusted
        : throw new RejectedException("plugin.publisher.otherName", ("name", manifest.Publisher ?? ""), ("trusted", publisher.Name));

    /// <exception cref="RejectedException">It was taken back.</exception>
    internal void RefuseRevoked(string? key, string digest)
    {
        // Of an installed one, only the beginning of its digest is at hand; of one that was taken back while it was, too.
        var revoked = Revoked;
        if (revoked.Any(one => one.StartsWith(digest, StringComparison.Ordinal) || digest.StartsWith(one, StringComparison.Ordinal)))
        {
            throw new RejectedException("plugin.revoked.package");
        }

        if (key is not null && revoked.Contains(key))
        {
            throw new RejectedException("plugin.revoked.key");
        }
    }

    private TrustRecord Read() => DurableFiles.Read(_folders.TrustFile, StoreJson.Default.TrustRecord) ?? new TrustRecord();

    private void Write(TrustRecord record)
    {
        Directory.CreateDirectory(_folders.Root);
        DurableFiles.Write(_folders.TrustFile, record, StoreJson.Default.TrustRecord);
    }
}
