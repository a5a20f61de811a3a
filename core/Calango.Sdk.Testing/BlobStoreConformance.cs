using System.Security.Cryptography;
using System.Text;

namespace Calango.Sdk.Testing;

/// <summary>
/// What the kernel relies on in every <see cref="IBlobStore"/>. A plugin's test class derives from this and gives an empty
/// place.
/// </summary>
public abstract class BlobStoreConformance
{
    /// <summary>Ends with the test.</summary>
    protected static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    /// <summary>The store under test.</summary>
    protected abstract IBlobStore Store { get; }

    /// <summary>An empty place.</summary>
    protected abstract SettingsValues Place { get; }

    public static TheoryData<int> Sizes => [0, 1, 255, 256, 81_920, 81_921, 5 * 1024 * 1024, (33 * 1024 * 1024) + 7];

    public static TheoryData<string> NoKeys =>
        ["", "/", "a/", "/a", "a//b", ".", "..", "a/../b", "../a", "a/./b", ".hidden", "a\\b", "A", "a b", "ä", "a\0b", "a%2fb", "a@", "c:a", new string('a', 513), $"a/{new string('b', 101)}", "a."];

    [Theory]
    [MemberData(nameof(Sizes))]
    public async Task What_was_put_there_comes_back_with_its_length_type_and_digest(int size)
    {
        var content = Bytes(size);

        var put = await PutAsync("some/blob", content, "application/x-test");

        var wanted = new BlobInfo("some/blob", size, "application/x-test", DigestOf(content));
        Assert.Equal(wanted, put);
        Assert.Equal(wanted, await Store.FindAsync("some/blob", Place, TestEnd));
        await using var opened = await Store.OpenAsync("some/blob", null, Place, TestEnd);
        Assert.Equal(wanted, opened.Info);
        Assert.Equal(wanted.Sha256, DigestOf(await ReadAsync(opened)));
    }

    [Fact]
    public async Task A_stream_that_does_not_know_its_length_and_hands_out_a_byte_at_a_time_is_put_there_whole()
    {
        var content = Bytes(3000);

        await Store.PutAsync("a", new Trickle(content), "text/plain", Place, TestEnd);

        await using var opened = await Store.OpenAsync("a", null, Place, TestEnd);
        Assert.Equal(content, await ReadAsync(opened));
    }

    [Theory]
    [InlineData(0, null, "0123456789")]
    [InlineData(3, null, "3456789")]
    [InlineData(3, 4L, "3456")]
    [InlineData(9, 1L, "9")]
    [InlineData(9, 100L, "9")]
    [InlineData(2, long.MaxValue, "23456789")]
    public async Task A_range_is_what_was_asked_for_and_ends_with_the_blob(long offset, long? length, string wanted)
    {
        await PutAsync("a", Encoding.ASCII.GetBytes("0123456789"));

        await using var opened = await Store.OpenAsync("a", new BlobRange(offset, length), Place, TestEnd);

        Assert.Equal(wanted, Encoding.ASCII.GetString(await ReadAsync(opened)));
        Assert.Equal(10, opened.Info.Length);
    }

    [Fact]
    public async Task A_range_behind_the_end_and_one_of_nothing_are_refused()
    {
        await PutAsync("a", Bytes(10));

        foreach (var range in new[] { new BlobRange(10), new BlobRange(100, 1), new BlobRange(0, 0), new BlobRange(-1) })
        {
            await FailsAsync(BlobErrorKind.InvalidRange, () => Store.OpenAsync("a", range, Place, TestEnd));
        }
    }

    [Fact]
    public async Task What_is_not_there_is_said_to_be_so_and_deleting_it_is_fine()
    {
        Assert.Null(await Store.FindAsync("none", Place, TestEnd));
        await FailsAsync(BlobErrorKind.NotFound, () => Store.OpenAsync("none", null, Place, TestEnd));
        await Store.DeleteAsync("none", Place, TestEnd);

        await PutAsync("none/but/this", Bytes(1));
        Assert.Null(await Store.FindAsync("none", Place, TestEnd));
        Assert.Null(await Store.FindAsync("none/but", Place, TestEnd));
    }

    [Fact]
    public async Task What_was_deleted_is_gone_and_nothing_besides()
    {
        await PutAsync("a", Bytes(1));
        await PutAsync("a/b", Bytes(2));
        await PutAsync("ab", Bytes(3));

        await Store.DeleteAsync("a", Place, TestEnd);

        Assert.Null(await Store.FindAsync("a", Place, TestEnd));
        Assert.Equal(["a/b", "ab"], (await Store.ListAsync("", null, Place, TestEnd)).Keys);
    }

    [Theory]
    [MemberData(nameof(NoKeys))]
    public async Task What_has_not_the_form_of_a_key_touches_nothing(string text)
    {
        await FailsAsync(BlobErrorKind.InvalidKey, () => PutAsync(text, Bytes(1)));
        await FailsAsync(BlobErrorKind.InvalidKey, () => Store.OpenAsync(text, null, Place, TestEnd));
        await FailsAsync(BlobErrorKind.InvalidKey, () => Store.FindAsync(text, Place, TestEnd));
        await FailsAsync(BlobErrorKind.InvalidKey, () => Store.DeleteAsync(text, Place, TestEnd));
        Assert.Empty((await Store.ListAsync("", null, Place, TestEnd)).Keys);
    }

    [Fact]
    public async Task The_longest_key_is_a_key()
    {
        var key = string.Join('/', Enumerable.Repeat(new string('k', 99), 5)) + "/" + new string('z', 12);
        Assert.Equal(512, key.Length);

        await PutAsync(key, Bytes(1));

        Assert.NotNull(await Store.FindAsync(key, Place, TestEnd));
    }

    [Fact]
    public async Task Keys_are_listed_in_the_order_of_their_bytes_and_by_their_beginning()
    {
        string[] keys = ["a", "a-b", "a.d", "a/c", "a/c/d", "a0", "a_", "b/1", "b/10", "b/2"];
        foreach (var key in keys.Reverse())
        {
            await PutAsync(key, Bytes(1));
        }

        Assert.Equal(keys, (await Store.ListAsync("", null, Place, TestEnd)).Keys);
        Assert.Equal(["a/c", "a/c/d"], (await Store.ListAsync("a/", null, Place, TestEnd)).Keys);
        Assert.Equal(["b/1", "b/10"], (await Store.ListAsync("b/1", null, Place, TestEnd)).Keys);
        Assert.Equal(new BlobPage([], null).Keys, (await Store.ListAsync("c", null, Place, TestEnd)).Keys);
    }

    [Fact]
    public async Task More_keys_than_fit_on_a_page_come_on_further_pages_each_once()
    {
        var keys = Enumerable.Range(0, 2003).Select(number => $"many/{number:0000}").ToList();
        await Parallel.ForEachAsync(keys, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestEnd }, async (key, _) => await PutAsync(key, Bytes(1)));
        var listed = new List<string>();
        string? continuation = null;
        do
        {
            var page = await Store.ListAsync("many/", continuation, Place, TestEnd);
            Assert.InRange(page.Keys.Count, 1, 1000);
            listed.AddRange(page.Keys);
            continuation = page.Continuation;
        }
        while (continuation is not null);

        Assert.Equal(keys, listed);
    }

    [Fact]
    public async Task A_reader_sees_one_blob_or_the_other_while_it_is_put_there_again_and_again()
    {
        var contents = new[] { Bytes(200_000, 1), Bytes(300_000, 2) };
        var digests = contents.Select(DigestOf).ToHashSet();
        await PutAsync("a", contents[0]);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var reads = 0;
        var reading = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await using var opened = await Store.OpenAsync("a", null, Place, TestEnd);
                var digest = DigestOf(await ReadAsync(opened));
                Assert.Contains(digest, digests);
                Assert.Equal(opened.Info.Sha256, digest);
                Interlocked.Increment(ref reads);
            }
        })));

        for (var time = 0; time < 20 || (Volatile.Read(ref reads) < 20 && !reading.IsCompleted); time++)
        {
            await PutAsync("a", contents[time % 2]);
        }

        await done.CancelAsync();
        await reading;
    }

    [Fact]
    public async Task Many_put_one_blob_at_once_and_one_of_them_is_there()
    {
        var contents = Enumerable.Range(0, 10).Select(number => Bytes(50_000 + number, number)).ToList();

        await Task.WhenAll(contents.Select(content => PutAsync("a", content)));

        await using var opened = await Store.OpenAsync("a", null, Place, TestEnd);
        Assert.Contains(DigestOf(await ReadAsync(opened)), contents.Select(DigestOf));
    }

    [Theory]
    [InlineData(100_000)]
    [InlineData(20_000_000)]
    public async Task A_blob_whose_bytes_fail_on_the_way_leaves_what_was_there_before(int after)
    {
        await PutAsync("a", Bytes(10, 1));

        await Assert.ThrowsAnyAsync<Exception>(() => Store.PutAsync("a", new Trickle(Bytes(after), failsAtEnd: true, most: 81920), "text/plain", Place, TestEnd));

        Assert.Equal(DigestOf(Bytes(10, 1)), (await Store.FindAsync("a", Place, TestEnd))!.Sha256);
        Assert.Equal(["a"], (await Store.ListAsync("", null, Place, TestEnd)).Keys);
    }

    [Fact]
    public async Task Whoever_gives_up_gets_no_blob_there()
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        var content = new Trickle(Bytes(100), onRead: cancel.Cancel);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.PutAsync("a", content, "text/plain", Place, cancel.Token));

        Assert.Null(await Store.FindAsync("a", Place, TestEnd));
    }

    [Fact]
    public async Task A_reader_who_leaves_early_leaves_nothing_open_that_keeps_others_out()
    {
        await PutAsync("a", Bytes(5_000_000));
        for (var time = 0; time < 30; time++)
        {
            await using var opened = await Store.OpenAsync("a", null, Place, TestEnd);
            Assert.True(await opened.Stream.ReadAsync(new byte[10], TestEnd) > 0);
        }

        await PutAsync("a", Bytes(1));
        Assert.Equal(1, (await Store.FindAsync("a", Place, TestEnd))!.Length);
    }

    [Fact]
    public void Every_setting_can_be_drawn() =>
        Assert.All(Store.Settings, field =>
        {
            Assert.Matches("^[a-z][A-Za-z0-9]*$", field.Name);
            Assert.False(field is { Kind: SettingKind.Secret, Default: not null });
        });

    /// <summary>Some bytes, always the same.</summary>
    protected static byte[] Bytes(int length, int seed = 0)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>It fails with this kind.</summary>
    protected static async Task FailsAsync(BlobErrorKind kind, Func<Task> call) => Assert.Equal(kind, (await Assert.ThrowsAsync<BlobException>(call)).Kind);

    /// <summary>Puts some bytes there.</summary>
    protected async Task<BlobInfo> PutAsync(string key, byte[] content, string contentType = "application/octet-stream") =>
        await Store.PutAsync(key, new MemoryStream(content), contentType, Place, TestEnd);

    private static string DigestOf(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));

    private static async Task<byte[]> ReadAsync(BlobContent opened)
    {
        using var content = new MemoryStream();
        await opened.Stream.CopyToAsync(content, TestEnd);
        return content.ToArray();
    }
}
