using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using AngleSharp.Html.Dom;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Proxy;
using Calango.Tests.Support.S3;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Files;

/// <summary>An administrator moves all files to another place and back while people use them.</summary>
public sealed class StorageTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task Files_move_from_the_disk_to_s3_and_back_and_a_reader_never_misses_one(DatabaseKind kind)
    {
        await using var s3 = await S3Server.StartAsync();
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        using var uploaded = await ana.UploadAsync(Pictures.Photo(), Cancelled);
        var address = (await ana.AvatarAsync(Cancelled))!;
        using var packages = new PluginPackages();
        await InstallAsync(app, packages.Pack("1.0.0"));
        await Eventually.HoldsAsync("the package is among the files", () => Task.FromResult(FilesOf(app.DataFolder, "packages").Count == 1), Cancelled);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var reading = ReadAgainAndAgainAsync(app.Visit(), address, done.Token);

        await MoveAsync(ana, "s3-storage", s3.Settings);
        Assert.Equal("2 of 2 files", (await MoveEndedAsync(ana, "Done"))[..12]);
        await RemoveCopiesAsync(ana);
        Assert.Empty(FilesOf(app.DataFolder, "avatars"));
        Assert.Empty(FilesOf(app.DataFolder, "packages"));
        Assert.Equal(2, s3.Keys.Count);

        await MoveAsync(ana, "disk-storage", []);
        await MoveEndedAsync(ana, "Done");
        await RemoveCopiesAsync(ana);
        Assert.Single(FilesOf(app.DataFolder, "avatars"));
        Assert.Single(FilesOf(app.DataFolder, "packages"));

        Assert.Empty(s3.Keys);
        await done.CancelAsync();
        Assert.True(await reading > 20, $"{await reading} reads");
    }

    [EachDatabase]
    public async Task A_picture_that_is_changed_during_a_move_is_there_afterwards_and_the_one_before_is_not(DatabaseKind kind)
    {
        await using var s3 = await S3Server.StartAsync();
        await using var proxy = TcpProxy.To(s3.EndPoint);
        proxy.Latency = TimeSpan.FromMilliseconds(20);
        await using var app = await TestApp.StartAsync(kind, connected: false);
        using var ana = app.Visit();
        using var uploaded = await ana.UploadAsync(Pictures.Photo(), Cancelled);
        PutOthers(app.DataFolder, 20);
        await MoveAsync(ana, "s3-storage", S3Server.SettingsAt(proxy.Port));
        var all = new List<string>();
        while ((await PageAsync(ana)).QuerySelector("[data-move=Copying]") is not null)
        {
            using var changed = await ana.UploadAsync(Pictures.Photo(shade: (byte)all.Count), Cancelled);
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
            all.Add((await ana.AvatarAsync(Cancelled))!);
        }

        await MoveEndedAsync(ana, "Done");
        Assert.NotEmpty(all);
        // Whatever was copied in between, the place from before is no help any more.
        await RemoveCopiesAsync(ana);
        foreach (var gone in all.SkipLast(1))
        {
            using var answer = await ana.Http.GetAsync(gone, Cancelled);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        using var last = await ana.Http.GetAsync(all[^1], Cancelled);
        Assert.Equal(HttpStatusCode.OK, last.StatusCode);
    }

    [EachDatabase]
    public async Task A_move_that_is_killed_goes_on_after_the_next_start(DatabaseKind kind)
    {
        await using var s3 = await S3Server.StartAsync();
        await using var proxy = TcpProxy.To(s3.EndPoint);
        proxy.Latency = TimeSpan.FromMilliseconds(10);
        await using var database = await TestDatabase.CreateAsync(kind);
        var folder = TestFolders.NewTemporary("data");
        string address;
        await using (var server = await ServerProcess.StartAsync(database, folder))
        {
            using var ana = server.Visit();
            using var uploaded = await ana.UploadAsync(Pictures.Photo(), Cancelled);
            address = (await ana.AvatarAsync(Cancelled))!;
            PutOthers(folder, 100);
            await MoveAsync(ana, "s3-storage", S3Server.SettingsAt(proxy.Port));
            await Eventually.HoldsAsync("some are copied", async () => DoneOf(await PageAsync(ana)) is > 5 and < 95, Cancelled);
            await server.KillAsync();
        }

        proxy.Latency = TimeSpan.Zero;
        await using (var again = await ServerProcess.StartAsync(database, folder))
        {
            using var ana = again.Visit();
            Assert.Equal("101 of 101 files", (await MoveEndedAsync(ana, "Done"))[..16]);
            await RemoveCopiesAsync(ana);
            Assert.Empty(FilesOf(folder, "avatars"));
            Assert.Equal(101, s3.Keys.Count);
            using var served = await ana.Http.GetAsync(address, Cancelled);
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        TestFolders.Delete(folder);
    }

    [Fact]
    public async Task A_wrong_secret_is_told_and_nothing_has_changed()
    {
        await using var s3 = await S3Server.StartAsync();
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        using var uploaded = await ana.UploadAsync(Pictures.Photo(), Cancelled);
        var address = (await ana.AvatarAsync(Cancelled))!;
        var wrong = s3.Settings;
        wrong["secretKey"] = "a-wrong-secret";

        foreach (var test in new[] { "true", "false" })
        {
            var page = await PostAsync(ana, "s3-storage", wrong, test);
            Assert.Contains("the secret key is wrong", page.QuerySelector("#storage-s3-storage .failure")!.TextContent, StringComparison.Ordinal);
            Assert.DoesNotContain("a-wrong-secret", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        }

        var ok = await PostAsync(ana, "s3-storage", s3.Settings, "true");
        Assert.NotNull(ok.QuerySelector("#storage-s3-storage .notice-line--good"));
        var after = await PageAsync(ana);
        Assert.Null(after.QuerySelector("[data-move]"));
        Assert.Single(after.QuerySelectorAll("section[id^=place-]"));
        using var served = await ana.Http.GetAsync(address, Cancelled);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
    }

    [Fact]
    public async Task A_move_whose_place_goes_away_leaves_the_old_one_and_can_be_made_again()
    {
        await using var s3 = await S3Server.StartAsync();
        await using var proxy = TcpProxy.To(s3.EndPoint);
        proxy.Latency = TimeSpan.FromMilliseconds(20);
        await using var app = await TestApp.StartAsync(connected: false);
        using var ana = app.Visit();
        using var uploaded = await ana.UploadAsync(Pictures.Photo(), Cancelled);
        var address = (await ana.AvatarAsync(Cancelled))!;
        PutOthers(app.DataFolder, 30);
        await MoveAsync(ana, "s3-storage", S3Server.SettingsAt(proxy.Port));
        await Eventually.HoldsAsync("some are copied", async () => DoneOf(await PageAsync(ana)) > 5, Cancelled);
        proxy.Shut();

        Assert.Contains("Nothing answers", await MoveEndedAsync(ana, "Failed"), StringComparison.Ordinal);
        using (var served = await ana.Http.GetAsync(address, Cancelled))
        {
            Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        }

        proxy.Open();
        await MoveAsync(ana, "s3-storage", S3Server.SettingsAt(proxy.Port));
        Assert.Equal("31 of 31 files", (await MoveEndedAsync(ana, "Done"))[..14]);
    }

    [Fact]
    public async Task A_plugin_whose_files_were_lost_or_damaged_is_brought_back_from_its_package_at_the_next_start()
    {
        await using var app = await TestApp.StartAsync(connected: false);
        using var packages = new PluginPackages();
        await InstallAsync(app, packages.Pack("1.0.0"));
        await Eventually.HoldsAsync("the package is among the files", () => Task.FromResult(FilesOf(app.DataFolder, "packages").Count == 1), Cancelled);
        var version = Assert.Single(Directory.GetDirectories(Path.Combine(app.DataFolder, "plugins", "store", "echo")));

        await File.AppendAllTextAsync(Path.Combine(version, "Calango.Plugins.Echo.dll"), "damaged", Cancelled);
        await app.RestartAsync();
        Assert.Equal((PluginState.Active, "1.0.0"), Echo(app));

        Directory.Delete(version, recursive: true);
        await app.RestartAsync();
        Assert.Equal((PluginState.Active, "1.0.0"), Echo(app));

        // What is damaged among the files, too, is not believed.
        Directory.Delete(version, recursive: true);
        var file = Assert.Single(FilesOf(app.DataFolder, "packages"));
        var bytes = await File.ReadAllBytesAsync(file, Cancelled);
        bytes[^100] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancelled);
        await app.RestartAsync();
        Assert.NotEqual(PluginState.Active, Echo(app).State);
        Assert.False(Directory.Exists(version));
    }

    private static (PluginState State, string? Version) Echo(TestApp app) =>
        app.Services.GetRequiredService<PluginHost>().Plugins.Single(plugin => plugin.Id == "echo") is var echo ? (echo.State, echo.Manifest?.Version) : default;

    private static async Task InstallAsync(TestApp app, string package)
    {
        var installer = app.Services.GetRequiredService<PluginInstaller>();
        await using var file = File.OpenRead(package);
        var inspected = await installer.InspectAsync(file, Cancelled);
        var operation = installer.Install(new PluginConsent(inspected.Digest, inspected.Level, inspected.NeedsInProcessAccepted));
        Assert.Equal(PluginOutcome.Done, (await installer.EndOfAsync(operation.Id, Cancelled)).Outcome);
    }

    private static async Task<int> ReadAgainAndAgainAsync(Visitor reader, string address, CancellationToken cancellationToken)
    {
        using var _ = reader;
        var wanted = Pictures.DigestOf(await reader.Http.GetByteArrayAsync(address, Cancelled));
        var reads = 0;
        while (!cancellationToken.IsCancellationRequested)
        {
            using var answer = await reader.Http.GetAsync(address, Cancelled);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(wanted, Pictures.DigestOf(await answer.Content.ReadAsByteArrayAsync(Cancelled)));
            reads++;
        }

        return reads;
    }

    private static Task<IHtmlDocument> PageAsync(Visitor ana) => ana.GetAsync("/admin/storage", Cancelled);

    private static int? DoneOf(IHtmlDocument page) =>
        page.QuerySelector("[data-move] p")?.TextContent.Split(' ')[0] is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    private static Task<IHtmlDocument> PostAsync(Visitor ana, string store, Dictionary<string, string> settings, string test) =>
        ana.PostAsync($"/admin/storage?store={store}", Cancelled, [("Test", test), .. settings.Select(setting => ($"Values[{setting.Key}]", setting.Value))]);

    private static async Task MoveAsync(Visitor ana, string store, Dictionary<string, string> settings)
    {
        var page = await PostAsync(ana, store, settings, "false");
        Assert.True(page.QuerySelector(".failure, .field__error, [role=alert] p, .form .notice-line") is null, page.Body!.TextContent);
    }

    // What its card says once it has ended.
    private static async Task<string> MoveEndedAsync(Visitor ana, string state)
    {
        var page = await PageAsync(ana);
        await Eventually.HoldsAsync(
            $"the move is {state}",
            async () => (page = await PageAsync(ana)).QuerySelector("[data-move]")?.GetAttribute("data-move") is "Done" or "Failed",
            Cancelled);
        var card = page.QuerySelector("[data-move]")!;
        Assert.True(card.GetAttribute("data-move") == state, card.TextContent);
        return string.Join(' ', card.QuerySelectorAll("p").Select(line => line.TextContent.Trim()));
    }

    private static async Task RemoveCopiesAsync(Visitor ana)
    {
        var page = await PageAsync(ana);
        var button = page.QuerySelectorAll("section[id^=place-] button").Single();
        var place = button.Closest("section")!.Id!["place-".Length..];
        await ana.PostAsync($"/admin/storage/places/{place}/copies", Cancelled, ("_method", "DELETE"));
        await MoveEndedAsync(ana, "Done");
        Assert.Single((await PageAsync(ana)).QuerySelectorAll("section[id^=place-]"));
    }

    private static IReadOnlyCollection<string> FilesOf(string dataFolder, string area)
    {
        var folder = Path.Combine(dataFolder, "plugins", "data", "disk-storage", area);
        return Directory.Exists(folder) ? Directory.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
    }

    // Pictures of people who are on other servers of this installation, as the store writes them.
    private static void PutOthers(string dataFolder, int count)
    {
        var folder = Directory.CreateDirectory(Path.Combine(dataFolder, "plugins", "data", "disk-storage", "avatars")).FullName;
        for (var number = 0; number < count; number++)
        {
            var content = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"picture {number}"));
            var line = $"calango-blob 1 {Convert.ToHexStringLower(SHA256.HashData(content))} {content.Length} image/webp".PadRight(255) + "\n";
            File.WriteAllBytes(Path.Combine(folder, $"{Guid.CreateVersion7():N}@"), [.. Encoding.ASCII.GetBytes(line), .. content]);
        }
    }
}
