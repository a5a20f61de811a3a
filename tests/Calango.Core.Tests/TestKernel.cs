using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Mail;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Tests;

/// <summary>The whole kernel on a database of its own, without the web.</summary>
internal sealed class TestKernel : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly Func<ServiceProvider> _build;
    private ServiceProvider _services;

    private TestKernel(TestDatabase database, Func<ServiceProvider> build, string folder, TestLog log) =>
        (_database, _build, _services, Folder, Log) = (database, build, build(), folder, log);

    /// <summary>Its data folder.</summary>
    public string Folder { get; }

    /// <summary>The SQLite file.</summary>
    public string DatabaseFile => _database.Options.SqlitePath;

    /// <summary>All that was logged, at every level.</summary>
    public TestLog Log { get; }

    /// <param name="kind">The database.</param>
    /// <param name="plugins">The plugins' folder; null: those of the build, the hidden ones too.</param>
    /// <param name="loadHidden">Whether hidden plugins are loaded.</param>
    /// <param name="loadLimit">How long a plugin may take to load.</param>
    /// <param name="clock">The time; null: the real one.</param>
    /// <param name="isolates">Whether it can isolate plugins.</param>
    /// <param name="processFolder">What runs isolated plugins; null: the program of the build, where it can.</param>
    /// <param name="mail">How messages leave; null: they don't.</param>
    /// <param name="secret">A server's of many people; null: it is a laptop's.</param>
    public static async Task<TestKernel> StartAsync(
        DatabaseKind kind = DatabaseKind.Sqlite, string? plugins = null, bool loadHidden = true, TimeSpan? loadLimit = null, TimeProvider? clock = null, bool isolates = false, string? processFolder = null, MailOptions? mail = null, ServerSecret? secret = null)
    {
        var database = await TestDatabase.CreateAsync(kind);
        var folder = TestFolders.NewTemporary("kernel");
        var log = new TestLog();
        var options = new CoreOptions
        {
            DataFolder = folder,
            Secret = secret,
            PluginsFolder = plugins ?? TestFolders.Plugins,
            PluginProcessFolder = processFolder ?? (isolates ? TestFolders.PluginProcess : folder),
            ExtractionFolder = TestFolders.Extraction,
            LocalesFolder = Path.Combine(TestFolders.Repository, "locales"),
            LoadHiddenPlugins = loadHidden,
            PluginLoadLimit = loadLimit ?? TimeSpan.FromSeconds(60),
            Mail = mail ?? new MailOptions(),
            Database = database.Options,
        };
        var kernel = new TestKernel(
            database,
            () => new ServiceCollection()
                .AddSingleton(clock ?? TimeProvider.System)
                .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log))
                .AddCalangoCore(options)
                .BuildServiceProvider(),
            folder,
            log);
        await kernel.StartAsync();
        return kernel;
    }

    public T Get<T>() where T : notnull => _services.GetRequiredService<T>();

    /// <summary>Stops it as a server stops, or once more.</summary>
    public ValueTask StopAsync() => _services.DisposeAsync();

    /// <summary>Starts it anew on the same data.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        _services = _build();
        await StartAsync();
    }

    private async Task StartAsync()
    {
        await Get<DatabaseUpgrade>().RunAsync(CancellationToken.None);
        await Get<PluginHost>().StartAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        await _database.DisposeAsync();
        TestFolders.Delete(Folder);
    }
}
