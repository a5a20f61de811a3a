using System.Net;
using AngleSharp.Html.Dom;
using Calango.Core.Plugins;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Plugins;

/// <summary>Packages and catalogs that an administrator has the server fetch, and those that it must not.</summary>
public sealed class PackageAddressTests : CatalogPagesTestBase
{
    [Fact]
    public async Task A_package_is_fetched_from_its_address()
    {
        Pack("1.0.0");

        var asked = await LookAtAsync($"{Site.Address}{Id}-1.0.0.cpk");
        await InstallAsync(asked);

        Assert.Equal("1.0.0", await VersionAsync());
    }

    public static TheoryData<string, string> Addresses() => new()
    {
        { "https://127.0.0.1/plugin.cpk", "is not on the public web" },
        { "https://127.0.0.1:1/plugin.cpk", "is not on the public web" },
        { "https://localhost/plugin.cpk", "is not on the public web" },
        { "https://2130706433/plugin.cpk", "is not on the public web" },
        { "https://[::ffff:127.0.0.1]/plugin.cpk", "is not on the public web" },
        { "https://169.254.169.254/latest/meta-data/", "is not on the public web" },
        { "https://10.0.0.1/plugin.cpk", "is not on the public web" },
        { "https://ana:secret@example.com/plugin.cpk", "is not on the public web" },
        { "http://example.com/plugin.cpk", "Enter the https address" },
        { "file:///etc/passwd", "Enter the https address" },
        { "ftp://example.com/plugin.cpk", "Enter the https address" },
        { "plugin.cpk", "Enter the https address" },
    };

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task An_address_that_is_not_of_the_public_web_is_refused(string address, string sentence)
    {
        using var refused = await Ana.TryPostAsync("/admin/plugins/inspection", Cancelled, ("address", address));
        var page = await ReadAsync(refused);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains(sentence, page.QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(address, ((IHtmlInputElement)page.QuerySelector("#address")!).Value);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://localhost:1")]
    [InlineData("http://169.254.169.254")]
    [InlineData("https://[::1]")]
    public async Task A_catalog_that_is_not_of_the_public_web_is_refused(string place)
    {
        using var refused = await Ana.TryPostAsync("/admin/plugins/catalogs", Cancelled, ("place", place));
        var page = await ReadAsync(refused);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("is not on the public web", page.QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(place, ((IHtmlInputElement)page.QuerySelector("#place")!).Value);
    }

    [Theory]
    [InlineData("http://127.0.0.1:1/")]
    [InlineData("http://169.254.169.254/")]
    [InlineData("file:///etc/passwd")]
    public async Task A_redirect_into_a_network_of_ones_own_is_refused_too(string target)
    {
        Site.Answer = context =>
        {
            context.Response.Redirect(target);
            return Task.CompletedTask;
        };

        foreach (var (path, field, value) in new[] { ("/admin/plugins/inspection", "address", $"{Site.Address}a.cpk"), ("/admin/plugins/catalogs", "place", Site.Address.ToString()) })
        {
            using var refused = await Ana.TryPostAsync(path, Cancelled, (field, value));
            Assert.Contains("is not on the public web", (await ReadAsync(refused)).QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task What_breaks_off_or_never_ends_leaves_nothing_behind()
    {
        Site.Answer = async context =>
        {
            context.Response.ContentLength = 1000;
            await context.Response.Body.WriteAsync(new byte[10]);
            context.Abort();
        };
        using var cut = await Ana.TryPostAsync("/admin/plugins/inspection", Cancelled, ("address", $"{Site.Address}a.cpk"));
        Assert.Contains("the connection broke", (await ReadAsync(cut)).QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);

        Site.Answer = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(new byte[64 * 1024], context.RequestAborted);
            }
        };
        using var endless = await Ana.TryPostAsync("/admin/plugins/catalogs", Cancelled, ("place", Site.Address.ToString()));
        Assert.Contains("more than 8 MB", (await ReadAsync(endless)).QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);

        Site.Answer = context =>
        {
            context.Response.StatusCode = 410;
            return Task.CompletedTask;
        };
        using var gone = await Ana.TryPostAsync("/admin/plugins/catalogs", Cancelled, ("place", Site.Address.ToString()));
        Assert.Contains("the status 410", (await ReadAsync(gone)).QuerySelector(".field__error")!.TextContent, StringComparison.Ordinal);

        Assert.Empty(Directory.GetFiles(Path.Combine(App.DataFolder, "plugins", ".staging")));
        Assert.Empty(App.Services.GetRequiredService<PluginCatalogs>().All);
    }
}
