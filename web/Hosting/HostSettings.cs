using System.Net;
using Calango.Core;
using Calango.Core.Data;
using Calango.Core.Models;

namespace Calango.Web.Hosting;

/// <summary>What the operator decides: read from the configuration and checked before anything else happens.</summary>
internal sealed record HostSettings(HostMode Mode, IReadOnlyList<Uri> Urls, CoreOptions Core)
{
    private const string DefaultUrl = "http://127.0.0.1:5080";

    /// <summary>The port in the names of our cookies: two servers on one machine share the browser's cookie jar.</summary>
    public int Port => Urls[0].Port;

    /// <exception cref="StartRefusedException">A setting is missing, wrong or unsafe.</exception>
    public static HostSettings Read(IConfiguration configuration)
    {
        var mode = ReadMode(configuration["CALANGO_MODE"]);
        var postgres = Text(configuration["CALANGO_POSTGRES"]);
        if (mode == HostMode.Server && postgres is null)
        {
            throw new StartRefusedException("CALANGO_MODE=Server needs CALANGO_POSTGRES, the connection string of a PostgreSQL database.");
        }

        if (mode == HostMode.Server && !DatabaseOptions.IsConnectionString(postgres!))
        {
            throw new StartRefusedException("CALANGO_POSTGRES is no connection string; one looks like Host=db.example;Username=calango;Password=…;Database=calango.");
        }

        var data = Path.GetFullPath(Text(configuration["CALANGO_DATA"]) ?? "data");
        return new HostSettings(mode, ReadUrls(configuration["CALANGO_URLS"], mode), new CoreOptions
        {
            DataFolder = CreateDataFolder(data),
            PluginsFolder = Path.GetFullPath(Text(configuration["CALANGO_PLUGINS"]) ?? Path.Combine(AppContext.BaseDirectory, "plugins")),
            LocalesFolder = Path.GetFullPath(Text(configuration["CALANGO_LOCALES"]) ?? Path.Combine(AppContext.BaseDirectory, "locales")),
            Discovery = new DiscoveryOptions
            {
                OpenAi = Named(configuration, "OPENAI_BASE_URL"),
                OpenAiKey = Text(configuration["OPENAI_API_KEY"]),
                Ollama = Named(configuration, "OLLAMA_HOST"),
            },
            Database = new DatabaseOptions
            {
                Postgres = mode == HostMode.Server ? postgres : null,
                SqlitePath = Path.Combine(data, "calango.db"),
            },
        });
    }

    private static HostMode ReadMode(string? text) => Text(text) switch
    {
        null => HostMode.Desktop,
        { } name when Enum.TryParse<HostMode>(name, ignoreCase: true, out var mode) && Enum.IsDefined(mode) => mode,
        { } name => throw new StartRefusedException($"CALANGO_MODE is '{name}'; it can be Desktop or Server."),
    };

    private static IReadOnlyList<Uri> ReadUrls(string? text, HostMode mode)
    {
        var urls = (Text(text) ?? DefaultUrl)
            .Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(url => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp
                ? uri
                : throw new StartRefusedException($"CALANGO_URLS has '{url}', which is not an http address such as {DefaultUrl}."))
            .ToList();
        if (urls.Find(url => !IsLoopback(url)) is { } open)
        {
            var reason = mode == HostMode.Desktop ? "Desktop mode has no password" : "Server mode has no accounts yet";
            throw new StartRefusedException($"{reason}, so Calango serves this machine only: '{open}' in CALANGO_URLS is not a loopback address (127.0.0.1, localhost or [::1]).");
        }

        return urls.Count > 0 ? urls : throw new StartRefusedException("CALANGO_URLS names no address.");
    }

    // A name other than localhost could resolve to anything by the time the socket is bound.
    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    private static string CreateDataFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
            return path;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The data folder {path} (CALANGO_DATA) cannot be made.");
        }
    }

    private static NamedService? Named(IConfiguration configuration, string variable) =>
        Text(configuration[variable]) is { } place ? new NamedService(place, variable) : null;

    private static string? Text(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}

/// <summary>For whom the server runs.</summary>
internal enum HostMode
{
    /// <summary>One person on this machine, no password.</summary>
    Desktop,

    /// <summary>Many people, PostgreSQL.</summary>
    Server,
}
