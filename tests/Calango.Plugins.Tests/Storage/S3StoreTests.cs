using Calango.Core.Plugins;
using Calango.Plugins.S3Storage;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Proxy;
using Calango.Tests.Support.S3;

namespace Calango.Plugins.Tests.Storage;

public sealed class S3StoreTests : BlobStoreConformance, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("calango-s3-plugin-").FullName;
    private readonly PluginHttp _http = new();
    private S3Server? _server;
    private Buckets? _buckets;
    private S3Store _store = null!;

    protected override IBlobStore Store => _store;

    protected override SettingsValues Place => new(_server!.Settings);

    public async ValueTask InitializeAsync()
    {
        _server = await S3Server.StartAsync();
        _buckets = new Buckets(_http);
        _store = new S3Store(_buckets, new PluginContext("s3-storage", _folder, _folder, _folder, CancellationToken.None));
    }

    public async ValueTask DisposeAsync()
    {
        _buckets?.Dispose();
        _http.Dispose();
        await (_server?.DisposeAsync() ?? ValueTask.CompletedTask);
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("secretKey", "wrong", BlobErrorKind.Unauthorized)]
    [InlineData("accessKey", "nobody", BlobErrorKind.Unauthorized)]
    [InlineData("bucket", "no-such-bucket", BlobErrorKind.PlaceNotFound)]
    [InlineData("bucket", "", BlobErrorKind.InvalidSettings)]
    [InlineData("endpoint", "http://127.0.0.1:1", BlobErrorKind.Unreachable)]
    [InlineData("endpoint", "http://no-such-host.invalid", BlobErrorKind.Unreachable)]
    public async Task What_is_wrong_with_a_setting_has_a_kind_of_its_own(string field, string value, BlobErrorKind kind)
    {
        var settings = _server!.Settings;
        settings[field] = value;

        await FailsAsync(kind, () => Store.ListAsync("", null, new SettingsValues(settings), TestEnd));
        await FailsAsync(kind, () => Store.PutAsync("a", new MemoryStream([1]), "text/plain", new SettingsValues(settings), TestEnd));
    }

    [Fact]
    public async Task An_upload_in_parts_that_fails_is_given_up_there_too()
    {
        await using var proxy = TcpProxy.To(_server!.EndPoint);
        var settings = new SettingsValues(S3Server.SettingsAt(proxy.Port));
        await Store.FindAsync("a", settings, TestEnd);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestEnd);
        proxy.BytesPerSecond = 30_000_000;
        var putting = Store.PutAsync("a", new MemoryStream(Bytes(64 * 1024 * 1024)), "text/plain", settings, cancel.Token);
        await Eventually.HoldsAsync("it has begun", () => Task.FromResult(_server.OpenUploads > 0), TestEnd);

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => putting);
        Assert.Equal(0, _server.OpenUploads);
        Assert.Empty(_server.Keys);
    }

    [Fact]
    public async Task Nothing_is_left_on_this_disk_of_what_was_sent()
    {
        await PutAsync("a", Bytes(20_000_000));

        Assert.Empty(Directory.GetFiles(_folder));
        Assert.Equal(0, _server!.OpenUploads);
    }
}
