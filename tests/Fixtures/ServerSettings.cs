namespace Calango.Tests.Fixtures;

/// <summary>What the environment of a server under test says.</summary>
internal static class ServerSettings
{
    public const string MetricsToken = "whoever watches";

    public static Dictionary<string, string?> For(TestDatabase database, string dataFolder, IEnumerable<KeyValuePair<string, string?>>? more)
    {
        var settings = new Dictionary<string, string?>
        {
            ["CALANGO_DATA"] = dataFolder,
            ["CALANGO_LOCALES"] = Path.Combine(TestFolders.Repository, "locales"),
            ["CALANGO_METRICS_TOKEN"] = MetricsToken,
            ["CALANGO_MODE"] = database.Kind == DatabaseKind.Sqlite ? "Desktop" : "Server",
            ["CALANGO_PLUGINS"] = TestFolders.Plugins,
            ["CALANGO_POSTGRES"] = database.Options.Postgres,
            ["CALANGO_SECRET"] = "Only for tests: ABCDEFGHIJKLMNOPQRSTUVWXYZ",
            ["CALANGO_URLS"] = "http://127.0.0.1:0",
        };
        foreach (var (key, value) in more ?? [])
        {
            settings[key] = value;
        }

        return settings;
    }
}
