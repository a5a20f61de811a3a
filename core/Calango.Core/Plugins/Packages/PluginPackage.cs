using System.Security.Cryptography;
using Calango.Core.Errors;

namespace Calango.Core.Plugins;

/// <summary>A package that was opened and found whole: each file is what the manifest says, and the manifest is what was signed. None of its code has run.</summary>
internal sealed class PluginPackage : IDisposable
{
    private readonly FileStream _file;
    private readonly ZipFile _zip;

    private PluginPackage(FileStream file, ZipFile zip, PluginManifest manifest, string? publicKey, string digest) =>
        (_file, _zip, Manifest, PublicKey, Digest) = (file, zip, manifest, publicKey, digest);

    public PluginManifest Manifest { get; }

    /// <summary>The key that signed it; null: nobody did.</summary>
    public string? PublicKey { get; }

    /// <summary>The SHA-256 of the whole file.</summary>
    public string Digest { get; }

    /// <summary>The name of its folder in the store.</summary>
    public string FolderName => FolderNameOf(Manifest.Version, Digest);

    public static string FolderNameOf(string version, string digest) => $"{version}-{digest[..12]}";

    /// <summary>The paths of all its files, manifest and signature included.</summary>
    public IReadOnlyCollection<string> Names => _zip.Names;

    /// <summary>Opens a package and checks all of it.</summary>
    /// <exception cref="RejectedException">It is none, or not whole.</exception>
    public static PluginPackage Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        try
        {
            var zip = new ZipFile(file);
            var manifestBytes = ReadSmall(zip, PluginManifest.FileName) ?? throw new RejectedException("plugin.package.noManifest");
            var manifest = Parse(manifestBytes);
            var publicKey = Signer(zip, manifest, manifestBytes);
            CheckFiles(zip, manifest);
            return new PluginPackage(file, zip, manifest, publicKey, DigestOf(file));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The SHA-256 of a file, as hexadecimal digits.</summary>
    public static string DigestOf(Stream file)
    {
        file.Position = 0;
        return Convert.ToHexStringLower(SHA256.HashData(file));
    }

    /// <summary>Reads a manifest as a person is told of it.</summary>
    /// <exception cref="RejectedException">It cannot be kept.</exception>
    public static PluginManifest Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            return PluginManifest.Parse(json);
        }
        catch (PluginRejectedException exception)
        {
            throw new RejectedException("plugin.manifest", ("reason", exception.Message));
        }
    }

    public byte[] ReadAll(string name) => _zip.ReadAll(name);

    public void CopyTo(string name, Stream target) => _zip.CopyTo(name, target);

    public void Dispose() => _file.Dispose();

    private static string? Signer(ZipFile zip, PluginManifest manifest, byte[] manifestBytes) =>
        (manifest.Key, ReadSmall(zip, PackageSignature.FileName)) switch
        {
            (null, null) => null,
            (null, _) => throw new RejectedException("plugin.signature.unnamed"),
            (_, null) => throw new RejectedException("plugin.signature.missing"),
            (_, { } signature) => PackageSignature.Check(signature, manifestBytes, manifest),
        };

    private static byte[]? ReadSmall(ZipFile zip, string name) =>
        zip.LengthOf(name) is not { } length ? null
        : length > PackageLimits.ManifestBytes ? throw new RejectedException("plugin.package.tooLong", ("file", name))
        : zip.ReadAll(name);

    private static void CheckFiles(ZipFile zip, PluginManifest manifest)
    {
        if (manifest.Files is not { Count: > 0 } files || manifest.Publisher is null)
        {
            throw new RejectedException("plugin.package.notPacked");
        }

        if (zip.Names.Except([PluginManifest.FileName, PackageSignature.FileName]).Except(files.Keys).FirstOrDefault() is { } extra)
        {
            throw new RejectedException("plugin.package.extra", ("file", extra));
        }

        if (files.Keys.Append(manifest.Entry).Except(zip.Names).FirstOrDefault() is { } missing)
        {
            throw new RejectedException("plugin.package.missing", ("file", missing));
        }

        foreach (var (name, digest) in files)
        {
            using var hash = new HashStream();
            zip.CopyTo(name, hash);
            if (hash.Digest() != digest)
            {
                throw new RejectedException("plugin.package.changed", ("file", name));
            }
        }
    }
}
