using Calango.Core;
using Calango.Core.Data;
using Calango.Core.Knowledge;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Fixtures;

namespace Calango.Plugins.Tests.PassageIndexes;

public sealed class MemoryIndexTests : PassageIndexConformance, IDisposable
{
    private readonly string _folder = TestFolders.NewTemporary("vectors");
    private readonly MemoryIndex _index;

    public MemoryIndexTests() =>
        _index = new MemoryIndex(new CoreOptions { DataFolder = _folder, PluginsFolder = _folder, LocalesFolder = _folder, Database = new DatabaseOptions() });

    protected override IPassageIndex Index => _index;

    public void Dispose()
    {
        _index.Dispose();
        TestFolders.Delete(_folder);
    }

    [Fact]
    public async Task What_is_gone_from_it_takes_no_place_on_the_disk_for_long()
    {
        var space = await NewSpaceAsync();
        var kept = Random(10);
        await PutAsync(space, kept);

        for (var round = 0; round < 20; round++)
        {
            var passing = Random(200, seed: round * 1_000);
            await PutAsync(space, passing);
            await Index.DeleteAsync(space, [passing[0].Edition], Place, TestEnd);
        }

        Assert.Equal(10, (await FindAsync(space, new IndexQuery(Unit(1), 100))).Count);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.Single(Directory.GetFiles(Path.Combine(_folder, "vectors")));
        Assert.True(new DirectoryInfo(Path.Combine(_folder, "vectors")).GetFiles().Sum(file => file.Length) < 450 * 8 * sizeof(float));
    }
}
