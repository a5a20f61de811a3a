using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Calango.Plugins.LocalModels;
using Calango.Sdk;

namespace Calango.Plugins.Tests.LocalModels;

// A catalogue like ours, of a few kilobytes: one model in two tarballs and from another address, one build of libraries.
internal sealed class SmallCatalogue
{
    public const string ModelId = "small";

    public SmallCatalogue(ScriptedRegistry registry, params (string Name, byte[] Content)[] extraLibraries)
    {
        Content = GgufFile.Chat(padding: 200_000);
        var half = Content.Length / 2;
        var parts = new[] { Content[..half], Content[half..] }.Select((part, index) => Part(registry, $"weights-{index + 1}", part)).ToArray();
        registry.Files["/elsewhere/small.gguf"] = Content;
        var whole = new CatalogueDownload(null, new Uri(registry.Address, "/elsewhere/small.gguf"), Content.Length, Sha256(Content), null);
        var libraries = Tarball([($"package/bins/here/libllama.so", [1, 2, 3]), .. extraLibraries]);
        registry.Files["/@scope/libraries/-/libraries-3.0.0.tgz"] = libraries;
        Catalogue = new ModelCatalogue(
            [
                new CatalogueModel(
                    ModelId, "Small", LocalModelPurpose.Chat, "local-models.tinyllama.description", "Apache-2.0", ["en"], 2048, 1_000_000, null,
                    [new CatalogueFile("small.gguf", Content.Length, Sha256(Content), [parts, [whole]])]),
            ],
            [
                new CatalogueRuntime(
                    "libraries-3.0.0", OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "macos" : "linux",
                    RuntimeInformation.OSArchitecture.ToString(), MachineDevices.Cpu, [],
                    new CatalogueDownload("@scope/libraries@3.0.0", null, libraries.Length, Sha256(libraries), null), "package/bins/here/"),
            ],
            []);
    }

    public byte[] Content { get; }

    public ModelCatalogue Catalogue { get; }

    public static byte[] Tarball(IEnumerable<(string Name, byte[] Content)> files)
    {
        using var stream = new MemoryStream();
        using (var zip = new GZipStream(stream, CompressionLevel.NoCompression))
        using (var tar = new TarWriter(zip))
        {
            foreach (var (name, content) in files)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) });
            }
        }

        return stream.ToArray();
    }

    private static CatalogueDownload Part(ScriptedRegistry registry, string package, byte[] content)
    {
        var tarball = Tarball([("package/package.json", "{}"u8.ToArray()), ("package/model.part", content)]);
        registry.Files[$"/{package}/-/{package}-1.0.0.tgz"] = tarball;
        return new CatalogueDownload(
            $"{package}@1.0.0", null, tarball.Length, Sha256(tarball), new CatalogueEntry("package/model.part", content.Length, Sha256(content)));
    }

    private static string Sha256(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
