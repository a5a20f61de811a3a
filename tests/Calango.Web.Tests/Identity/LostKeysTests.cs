using Calango.Core.Data;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Models;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Web.Tests.Identity;

/// <summary>The keys that open what is stored encrypted are gone: a disk was lost, or a backup was made without them.</summary>
public sealed class LostKeysTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task R29_a_key_that_cannot_be_read_any_more_is_asked_for_again_and_all_else_goes_on(DatabaseKind kind)
    {
        await using var app = await TestApp.StartAsync(kind);
        app.Upstream.Key = "sk-sun";
        app.Upstream.Default = new UpstreamReply { Text = "In the sun." };
        using (var ana = app.Visit())
        {
            await ana.PostAsync($"/models/connections/{app.Model.ConnectionId}", Cancelled, ConnectionFields.Of(app.Upstream.Address.ToString(), "sk-sun"));
            await ana.PostAsync("/messages", Cancelled, ("Text", "Where do lizards sleep?"), ("Model", app.Model.ToString()));
            await ana.WholeAsync(ana.Path, 1, Cancelled);
        }

        await LoseKeysAsync(app, kind);
        await app.RestartAsync();

        using var again = app.Visit();
        await again.GetAsync("/", Cancelled);
        await again.PostAsync("/messages", Cancelled, ("Text", "And iguanas?"), ("Model", app.Model.ToString()));
        var chat = again.Path;
        await Eventually.HoldsAsync(
            "the reader is told what to do", async () => (await again.GetAsync(chat, Cancelled)).Body!.TextContent.Contains("Open the connection and enter them again.", StringComparison.Ordinal), Cancelled);
        await again.PostAsync($"/models/connections/{app.Model.ConnectionId}", Cancelled, ConnectionFields.Of(app.Upstream.Address.ToString(), "sk-sun"));
        await again.GetAsync("/", Cancelled);
        await again.PostAsync("/messages", Cancelled, ("Text", "And iguanas?"), ("Model", app.Model.ToString()));
        await again.WholeAsync(again.Path, 1, Cancelled);
    }

    private static async Task LoseKeysAsync(TestApp app, DatabaseKind kind)
    {
        Directory.Delete(Path.Combine(app.DataFolder, "keys"), recursive: true);
        if (kind == DatabaseKind.Postgres)
        {
            var lost = await app.Services.GetRequiredService<Database>().WriteAsync(db => db.Database.ExecuteSqlRawAsync("DELETE FROM data_protection_keys", Cancelled), Cancelled);
            Assert.NotEqual(0, lost);
        }
    }
}
