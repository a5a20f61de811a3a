using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Tests.Support.Upstream;
using Calango.Web.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Tests.Fixtures;

/// <summary>
/// The real server in this process: its own data folder, its own database, a socket on loopback, and one connection to a
/// <see cref="ScriptedUpstream"/> that the test scripts.
/// </summary>
public sealed class TestApp : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly Dictionary<string, string?> _settings;
    private WebApplication _server;

    private TestApp(TestDatabase database, ScriptedUpstream upstream, string dataFolder, Dictionary<string, string?> settings)
    {
        (_database, Upstream, DataFolder, _settings) = (database, upstream, dataFolder, settings);
        _server = Build();
    }

    /// <summary>The model service that the server talks to.</summary>
    public ScriptedUpstream Upstream { get; }

    /// <summary>The server's data folder.</summary>
    public string DataFolder { get; }

    /// <summary>The model of <see cref="Upstream"/> that new chats start with; unset where the app was started without a connection.</summary>
    public ModelRef Model { get; private set; }

    /// <summary>Where the server answers.</summary>
    public Uri Address => new(_server.Urls.First());

    /// <summary>The server's own services, to look behind the pages; a test asserts through the front door first.</summary>
    public IServiceProvider Services => _server.Services;

    /// <summary>Starts one.</summary>
    /// <param name="kind">The database.</param>
    /// <param name="connected">Whether a model is connected already; false is a fresh installation.</param>
    /// <param name="settings">Settings as the environment would give them, over those of the test.</param>
    /// <param name="setUp">Whether the first account is there already, where there are accounts.</param>
    public static async Task<TestApp> StartAsync(DatabaseKind kind = DatabaseKind.Sqlite, bool connected = true, IEnumerable<KeyValuePair<string, string?>>? settings = null, bool setUp = true)
    {
        var database = await TestDatabase.CreateAsync(kind);
        var upstream = await ScriptedUpstream.StartAsync();
        var dataFolder = TestFolders.NewTemporary("data");
        await database.PlaceAsync(dataFolder);
        var app = new TestApp(database, upstream, dataFolder, ServerSettings.For(database, dataFolder, settings));
        await app._server.StartAsync();
        if (kind == DatabaseKind.Postgres && setUp)
        {
            await database.SetUpAsync(() => Visitor.SetUpAsync(app.Address, app.Services.GetRequiredService<SetUpToken>().Text));
        }

        if (connected)
        {
            app.Model = await app.ConnectAsync(upstream);
        }

        return app;
    }

    /// <summary>Connects a model service and makes its first model the one that new chats start with.</summary>
    public async Task<ModelRef> ConnectAsync(ScriptedUpstream upstream)
    {
        var values = new Dictionary<string, string?> { ["address"] = upstream.Address.ToString(), ["apiKey"] = upstream.Key };
        var connection = await Services.GetRequiredService<Connections>().AddAsync(
            new ConnectionInput("openai-compatible", "", "Scripted", values, new TimeLimits()), CancellationToken.None);
        var model = new ModelRef(connection.Id, upstream.Models[0]);
        // A page waits two seconds for a service's models; on a busy machine the first time takes longer.
        await Services.GetRequiredService<ModelCatalog>().FindAsync(model, CancellationToken.None);
        return model;
    }

    /// <summary>Someone with a browser of their own that runs no scripts; on PostgreSQL, where people sign in, the first person.</summary>
    public Visitor Visit() => new(Address, _database.Session);

    /// <summary>Someone whom the server does not know.</summary>
    public Visitor VisitAsStranger() => new(Address);

    /// <summary>Stops the server as SIGTERM does and starts it again on the same data, at another address.</summary>
    /// <param name="settings">Settings that are others from now on.</param>
    public async Task RestartAsync(params (string Name, string? Value)[] settings)
    {
        await StopAsync();
        foreach (var (name, value) in settings)
        {
            _settings[name] = value;
        }

        _server = Build();
        await _server.StartAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // The upstream first: the server then need not wait for answers that never end.
        await Upstream.DisposeAsync();
        await StopAsync();
        await _database.DisposeAsync();
        TestFolders.Delete(DataFolder);
    }

    private async Task StopAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
    }

    private WebApplication Build() => CalangoHost.Build(_settings);
}
