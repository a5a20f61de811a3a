using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.S3;

namespace Calango.Plugins.Tests.Storage;

/// <summary>A store in a process of its own is one like any other, and what becomes of its process loses nothing.</summary>
public sealed class IsolatedStoreTests : BlobStoreConformance, IClassFixture<IsolatedStore>
{
    private readonly IsolatedStore _isolated;

    public IsolatedStoreTests(IsolatedStore isolated)
    {
        _isolated = isolated;
        Assert.SkipWhen(isolated.Refusal is not null, "No plugin can be isolated on this machine.");
        foreach (var file in Directory.GetFiles(isolated.Folder, "*", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }
    }

    protected override IBlobStore Store => _isolated;

    protected override SettingsValues Place { get; } = new(new Dictionary<string, string>());

    [Fact]
    public async Task A_process_that_ends_while_something_is_put_there_leaves_what_was_there_and_the_next_one_serves()
    {
        await PutAsync("a", Bytes(10, 1));
        var before = await Store.FindAsync("a", Place, TestEnd);
        var content = new Halting(Bytes(300_000));
        var putting = Store.PutAsync("a", content, "text/plain", Place, TestEnd);
        await content.Halted;

        _isolated.Kill();

        Assert.Equal(PluginFault.ProcessEndedType, (await Assert.ThrowsAsync<PluginFault>(() => putting)).ExceptionType);
        Assert.True(content.WasLeft);
        BlobInfo? after = null;
        await Eventually.HoldsAsync("it serves again", async () => (after = await TryFindAsync("a")) is not null, TestEnd);
        Assert.Equal(before, after);
        await PutAsync("a", Bytes(20));
    }

    [Fact]
    public async Task A_reader_that_takes_its_time_holds_up_nobody_and_gets_all_of_it()
    {
        var content = Bytes(4_000_000);
        await PutAsync("slow", content);
        await using var opened = await Store.OpenAsync("slow", null, Place, TestEnd);
        var first = new byte[1000];
        await opened.Stream.ReadExactlyAsync(first, TestEnd);

        for (var number = 0; number < 20; number++)
        {
            await PutAsync($"other/{number}", Bytes(100_000));
        }

        using var rest = new MemoryStream();
        await opened.Stream.CopyToAsync(rest, TestEnd);
        Assert.True(content.AsSpan().SequenceEqual([.. first, .. rest.ToArray()]), "It is another blob.");
    }

    [Fact]
    public async Task A_large_blob_goes_to_s3_and_comes_back_whole()
    {
        await using var s3 = await S3Server.StartAsync();
        await using var store = new IsolatedStore("s3-storage");
        await store.InitializeAsync();
        var place = new SettingsValues(s3.Settings);
        var content = Bytes(40_000_000);

        var info = await store.PutAsync("large", new MemoryStream(content), "application/zip", place, TestEnd);

        Assert.Equal((content.Length, 0), (info.Length, s3.OpenUploads));
        await using var opened = await store.OpenAsync("large", null, place, TestEnd);
        using var back = new MemoryStream();
        await opened.Stream.CopyToAsync(back, TestEnd);
        Assert.True(content.AsSpan().SequenceEqual(back.ToArray()), "It is another blob.");
    }

    private async Task<BlobInfo?> TryFindAsync(string key)
    {
        try
        {
            return await Store.FindAsync(key, Place, TestEnd);
        }
        catch (PluginFault)
        {
            return null;
        }
    }

    /// <summary>Hands out its bytes and then nothing more, until nobody waits for it.</summary>
    private sealed class Halting(byte[] content) : MemoryStream(content)
    {
        private readonly TaskCompletionSource _halted = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Halted => _halted.Task;

        public bool WasLeft { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is > 0 and var count)
            {
                return count;
            }

            _halted.TrySetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            finally
            {
                WasLeft = true;
            }

            return 0;
        }
    }
}
