using Calango.Core.Identity;
using Calango.Core.Chat;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;
using Calango.Tests.CountingDouble;
using Calango.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Bench.Swap;

/// <summary>The real server on a data folder of its own, with the plugin that counts.</summary>
internal sealed class SwappedServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("calango-swap-").FullName;
    private readonly WebApplication _app;

    private SwappedServer()
    {
        AddVersion(0);
        // The server looks for it beside the plugins.
        Directory.CreateSymbolicLink(Path.Combine(_folder, "plugin-process"), Path.Combine(RepositoryRoot(), "artifacts", "plugin-process"));
        _app = CalangoHost.Build(new Dictionary<string, string?>
        {
            ["CALANGO_DATA"] = Path.Combine(_folder, "data"),
            ["CALANGO_LOCALES"] = Path.Combine(RepositoryRoot(), "locales"),
            ["CALANGO_PLUGINS"] = Path.Combine(_folder, "plugins"),
            ["CALANGO_URLS"] = "http://127.0.0.1:0",
        });
    }

    public Uri Address => new(_app.Urls.First());

    public PluginHost Plugins => _app.Services.GetRequiredService<PluginHost>();

    public ModelRef Model { get; private set; }

    public static async Task<SwappedServer> StartAsync()
    {
        var server = new SwappedServer();
        await server._app.StartAsync();
        var connection = await server._app.Services.GetRequiredService<Connections>().AddAsync(
            new ConnectionInput(CountingProvider.ProviderId, "", "Counting", new Dictionary<string, string?>(), new TimeLimits()), CancellationToken.None);
        server.Model = new ModelRef(connection.Id, CountingProvider.ModelId);
        await server._app.Services.GetRequiredService<ModelCatalog>().RefreshAsync(connection.Id, CancellationToken.None);
        // A title is another call of the model, and nothing is asked of it here.
        await server._app.Services.GetRequiredService<TaskChoices>().ChooseAsync(Account.LocalId, ModelTask.Title, TaskMode.Off, null, CancellationToken.None);
        return server;
    }

    /// <summary>The folder of another version of the plugin.</summary>
    public string AddVersion(int number)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, number == 0 ? "plugins" : "versions", $"counting-{number}")).FullName;
        var entry = typeof(CountingProvider).Assembly.Location;
        File.Copy(entry, Path.Combine(folder, Path.GetFileName(entry)));
        File.WriteAllText(
            Path.Combine(folder, PluginManifest.FileName),
            $$"""{"schema":1,"id":"counting","name":"Counting","version":"1.0.{{number}}","contract":"[1.0,2.0)","entry":"{{Path.GetFileName(entry)}}","provides":["model-provider","tool-source"],"capabilities":{ } }""");
        return folder;
    }

    /// <summary>What is stored of an answer.</summary>
    public async Task<(TurnState State, string Text)> StoredAsync(Guid turnId)
    {
        var turn = (await _app.Services.GetRequiredService<Turns>().FindAsync(Account.LocalId, turnId, CancellationToken.None))!;
        var page = await _app.Services.GetRequiredService<MessageTree>().PageAsync(Account.LocalId, turn.ConversationId, null, 10, CancellationToken.None);
        return (turn.State, page!.Messages[^1].Message.Text);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Calango.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The benchmark runs from within the repository.");
        }

        return folder.FullName;
    }
}
