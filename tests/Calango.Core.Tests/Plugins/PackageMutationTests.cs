using System.Buffers.Binary;
using System.Text;
using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Plugins;

/// <summary>Whatever is done to a package is noticed before any of it is kept, and said in words of its own.</summary>
public sealed class PackageMutationTests : IAsyncLifetime
{
    private readonly PluginPackages _packages = new();
    private readonly PluginsFolder _none = new();
    private TestKernel _kernel = null!;
    private string _good = "";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _kernel = await TestKernel.StartAsync(plugins: _none.Path);
        _good = _packages.Pack("1.0.0");
    }

    public async ValueTask DisposeAsync()
    {
        await _kernel.DisposeAsync();
        _none.Dispose();
        _packages.Dispose();
    }

    [Fact]
    public async Task A_package_that_nobody_touched_is_taken()
    {
        var inspected = await InspectAsync(_good);
        Assert.Equal(("echo", "1.0.0", PluginTrustLevel.SignedByStranger), (inspected.Manifest.Id, inspected.Manifest.Version, inspected.Level));
    }

    [Fact]
    public async Task A_flipped_byte_is_noticed_wherever_it_is()
    {
        var bytes = await File.ReadAllBytesAsync(_good, Cancelled);
        var random = new Random(20_281);
        var taken = new List<int>();
        for (var run = 0; run < 300; run++)
        {
            var at = random.Next(bytes.Length);
            var flipped = _packages.Damage(_good, good => { good[at] ^= (byte)(1 << random.Next(8)); return good; });
            try
            {
                var inspected = await InspectAsync(flipped);
                // What no reader looks at, such as a file's time in the zip: all that it has is what was signed.
                Assert.Equal(_packages.Key.Id, inspected.Manifest.Key);
                taken.Add(at);
            }
            catch (RejectedException rejected)
            {
                Assert.StartsWith("plugin.", rejected.Code, StringComparison.Ordinal);
            }

            File.Delete(flipped);
        }

        Assert.InRange(taken.Count, 0, 15);
    }

    [Fact]
    public Task A_flipped_byte_of_a_file_is_named() => AssertRefusedAsync("plugin.package.changed", files =>
        files[IndexOf(files, "Calango.Plugins.Echo.dll")].Content[1000] ^= 1, "Calango.Plugins.Echo.dll");

    [Fact]
    public Task A_file_more_is_refused() => AssertRefusedAsync("plugin.package.extra", files => files.Add(new PackedFile("more.txt", [1])), "more.txt");

    [Fact]
    public Task A_file_less_is_refused() => AssertRefusedAsync("plugin.package.missing", files =>
        files.RemoveAt(IndexOf(files, "Calango.Plugins.Echo.dll")), "Calango.Plugins.Echo.dll");

    [Theory]
    [InlineData("../out.txt", "plugin.zip.slip")]
    [InlineData("a/../../out.txt", "plugin.zip.slip")]
    [InlineData("/etc/out.txt", "plugin.zip.absolute")]
    [InlineData("C:/out.txt", "plugin.zip.absolute")]
    [InlineData("a\\out.txt", "plugin.zip.backslash")]
    [InlineData("plugin.json", "plugin.zip.duplicate")]
    [InlineData("PLUGIN.json", "plugin.zip.caseDuplicate")]
    [InlineData("plugin.json/x", "plugin.zip.folderAndFile")]
    [InlineData("a//b", "plugin.zip.name")]
    [InlineData("con:", "plugin.zip.name")]
    [InlineData("dot.", "plugin.zip.name")]
    [InlineData("folder/", "plugin.zip.special")]
    public Task F03_a_path_that_leads_astray_is_refused(string name, string code) => AssertRefusedAsync(code, files => files.Add(new PackedFile(name, [])));

    [Fact]
    public Task F03_a_link_is_refused() => AssertRefusedAsync(
        "plugin.zip.link", files => files.Add(new PackedFile("link", Encoding.UTF8.GetBytes("/etc/passwd"), unchecked((int)0xA1FF_0000))), "link");

    [Fact]
    public Task A_device_is_refused() => AssertRefusedAsync("plugin.zip.special", files => files.Add(new PackedFile("device", [], 0x21B6_0000)), "device");

    [Fact]
    public Task F04_a_bomb_is_refused() => AssertRefusedAsync("plugin.zip.bomb", files => files.Add(new PackedFile("zeros", new byte[300 << 20])));

    [Fact]
    public Task Too_many_files_are_refused() =>
        AssertRefusedAsync("plugin.zip.tooMany", files => files.AddRange(Enumerable.Range(0, 3000).Select(number => new PackedFile($"f{number}", []))));

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_size_that_lies_is_refused(int by)
    {
        var lying = _packages.Damage(_good, bytes =>
        {
            // The size of the first file, as the directory at the end has it.
            var size = bytes.AsSpan((int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(bytes.Length - 6)) + 24);
            BinaryPrimitives.WriteUInt32LittleEndian(size, (uint)(BinaryPrimitives.ReadUInt32LittleEndian(size) + by));
            return bytes;
        });
        await AssertRefusedAsync("plugin.zip.size", lying);
    }

    [Fact]
    public Task F05_an_edited_manifest_is_refused() => AssertRefusedAsync("plugin.signature.wrong", files => Edit(files, "\"native\": false", "\"native\": true"));

    [Fact]
    public async Task F05_another_key_is_refused()
    {
        using var other = PublisherKey.Create();
        var signedByOther = _packages.Damage(_good, bytes => bytes);
        PackageWriter.Sign(signedByOther, other);
        var signature = Array.Empty<byte>();
        _packages.Rewrite(signedByOther, files => signature = files[IndexOf(files, "plugin.sig")].Content);

        await AssertRefusedAsync("plugin.signature.otherKey", files => files[IndexOf(files, "plugin.sig")] = new PackedFile("plugin.sig", signature));
    }

    [Fact]
    public Task F05_a_missing_signature_is_refused() => AssertRefusedAsync("plugin.signature.missing", files => files.RemoveAt(IndexOf(files, "plugin.sig")));

    [Fact]
    public Task A_broken_signature_is_refused() => AssertRefusedAsync("plugin.signature.form", files => files[IndexOf(files, "plugin.sig")] = new PackedFile("plugin.sig", [1, 2]));

    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(-30)]
    public Task A_package_that_was_cut_off_is_refused(int at) => AssertRefusedAsync("plugin.zip.damaged", _packages.Damage(_good, bytes => bytes[..(at < 0 ? bytes.Length + at : 20 + at)]));

    [Theory]
    [InlineData("")]
    [InlineData("this is no zip, whatever its name says")]
    public Task What_is_no_zip_is_refused(string content) => AssertRefusedAsync("plugin.zip.none", _packages.Damage(_good, _ => Encoding.UTF8.GetBytes(content)));

    [Fact]
    public async Task Two_gigabytes_are_refused_before_they_are_kept()
    {
        var refused = await Assert.ThrowsAsync<RejectedException>(() => _kernel.Get<PluginInstaller>().InspectAsync(new Endless(2L << 30), Cancelled));
        Assert.Equal("plugin.zip.tooBig", refused.Code);
        AssertNothingLeft();
    }

    [Fact]
    public Task A_folder_that_was_only_zipped_is_no_package() => AssertRefusedAsync("plugin.package.notPacked", files =>
    {
        files.RemoveAt(IndexOf(files, "plugin.sig"));
        files[IndexOf(files, "plugin.json")] = new PackedFile("plugin.json", Encoding.UTF8.GetBytes(PluginsFolder.Manifest("echo")));
    });

    [Fact]
    public Task An_unknown_field_of_the_manifest_is_refused() => AssertRefusedAsync("plugin.manifest", files => Edit(files, "\"schema\": 1", "\"autostart\": true, \"schema\": 1"), "autostart");

    private static int IndexOf(List<PackedFile> files, string name) => files.FindIndex(file => file.Name == name);

    private static void Edit(List<PackedFile> files, string from, string to)
    {
        var index = IndexOf(files, "plugin.json");
        var edited = Encoding.UTF8.GetString(files[index].Content).Replace(from, to, StringComparison.Ordinal);
        Assert.Contains(to, edited, StringComparison.Ordinal);
        files[index] = new PackedFile("plugin.json", Encoding.UTF8.GetBytes(edited));
    }

    private async Task<PackageInspection> InspectAsync(string path)
    {
        await using var file = File.OpenRead(path);
        return await _kernel.Get<PluginInstaller>().InspectAsync(file, Cancelled);
    }

    private Task AssertRefusedAsync(string code, Action<List<PackedFile>> change, string? names = null) => AssertRefusedAsync(code, _packages.Rewrite(_good, change), names);

    private async Task AssertRefusedAsync(string code, string package, string? names = null)
    {
        var refused = await Assert.ThrowsAsync<RejectedException>(() => InspectAsync(package));
        Assert.Equal(code, refused.Code);
        if (names is not null)
        {
            Assert.Contains(refused.Arguments, argument => argument.Value.Contains(names, StringComparison.Ordinal));
        }

        AssertNothingLeft();
    }

    private void AssertNothingLeft()
    {
        var root = Path.Combine(_kernel.Folder, "plugins");
        Assert.Equal([], new[] { "store", ".staging", "state", "history" }.SelectMany(folder => Directory.GetFileSystemEntries(Path.Combine(root, folder))));
    }

    private sealed class Endless(long length) : MemoryStream
    {
        private long _left = length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, _left);
            _left -= count;
            return ValueTask.FromResult(count);
        }
    }
}
