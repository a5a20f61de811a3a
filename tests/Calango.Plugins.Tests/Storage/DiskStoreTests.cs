using Calango.Plugins.DiskStorage;
using Calango.Sdk;
using Calango.Sdk.Testing;

namespace Calango.Plugins.Tests.Storage;

public sealed class DiskStoreTests : BlobStoreConformance, IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("calango-disk-").FullName;

    public DiskStoreTests() => Store = new DiskStore(new PluginContext("disk-storage", _folder, _folder, _folder, CancellationToken.None));

    protected override IBlobStore Store { get; }

    protected override SettingsValues Place { get; } = new(new Dictionary<string, string>());

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_file_that_was_cut_is_called_damaged()
    {
        await PutAsync("a", Bytes(1000));
        var file = Assert.Single(Directory.GetFiles(_folder));
        await using (var cut = File.OpenWrite(file))
        {
            cut.SetLength(700);
        }

        await FailsAsync(BlobErrorKind.Damaged, () => Store.FindAsync("a", Place, TestEnd));
        await FailsAsync(BlobErrorKind.Damaged, () => Store.OpenAsync("a", null, Place, TestEnd));
    }

    [Fact]
    public async Task Nothing_is_left_of_what_was_written_aside()
    {
        await PutAsync("a", Bytes(1000));
        await Assert.ThrowsAnyAsync<Exception>(() => Store.PutAsync("a", Stream.Synchronized(new FileStream(Path.Combine(_folder, "none"), FileMode.Open)), "text/plain", Place, TestEnd));

        Assert.Empty(Directory.GetFiles(Path.Combine(_folder, ".coming")));
    }
}
