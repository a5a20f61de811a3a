using System.Net;
using Calango.Core;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Core.Mail;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Web.Configuration;

namespace Calango.Web.Hosting;

/// <summary>What the operator decides, in the server's own terms: what only shows when settings meet is checked here.</summary>
internal sealed record HostSettings(HostMode Mode, IReadOnlyList<Uri> Urls, CoreOptions Core)
{
    /// <summary>Where people reach the server; null: at the addresses of this machine only.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>With which whoever watches over a server reads its metrics; null: nobody does.</summary>
    public string? MetricsToken { get; init; }

    /// <summary>Whose pages may use the API with a token, besides our own.</summary>
    public IReadOnlyList<string> ApiOrigins { get; init; } = [];

    /// <summary>Who is believed when they say where a request comes from.</summary>
    public IReadOnlyList<string> Proxies { get; init; } = [];

    /// <summary>Whether browsers reach it over https: its cookies then go nowhere else.</summary>
    public bool IsHttps => PublicUrl?.Scheme == Uri.UriSchemeHttps;

    /// <summary>The port in the names of our cookies: two servers on one machine share the browser's cookie jar.</summary>
    public int Port => Urls[0].Port;

    /// <summary>The name of a cookie. Over https browsers hold it to this host, and to https (RFC 6265bis, 4.1.3.2).</summary>
    public string CookieName(string name) => IsHttps ? $"__Host-calango.{name}" : $"calango.{name}.{Port}";

    /// <summary>Touches nothing outside.</summary>
    /// <exception cref="StartRefusedException">A setting is missing or unsafe.</exception>
    public static HostSettings From(SettingsInForce settings)
    {
        var mode = Enum.Parse<HostMode>(settings[SettingKeys.Mode].Text!);
        var data = settings[SettingKeys.Data].Text!;
        var isServer = mode == HostMode.Server;
        var postgres = isServer ? PostgresOf(settings) : null;
        var publicUrl = isServer && settings[SettingKeys.PublicUrl].Text is { } url ? new Uri(url) : null;
        return new HostSettings(mode, UrlsOf(settings[SettingKeys.Urls], mode, publicUrl), new CoreOptions
        {
            DataFolder = data,
            Secret = isServer ? SecretOf(settings) : null,
            PluginsFolder = settings[SettingKeys.Plugins].Text!,
            LocalesFolder = settings[SettingKeys.Locales].Text!,
            Sharing = settings[SettingKeys.Sharing].Text == SettingKeys.SharingOn,
            Turns = new TurnOptions
            {
                MaxConcurrent = settings[SettingKeys.MaxConcurrentTurns].Number,
                MaxAnswerLength = settings[SettingKeys.MaxAnswerLength].Number,
            },
            Retention = new RetentionOptions
            {
                DeletedChats = TimeSpan.FromDays(settings[SettingKeys.DeletedChats].Number),
                Accounts = TimeSpan.FromDays(settings[SettingKeys.DeletedAccounts].Number),
                Traces = TimeSpan.FromDays(settings[SettingKeys.Traces].Number),
            },
            Sessions = new SessionLimits { Longest = TimeSpan.FromDays(settings[SettingKeys.LongestSession].Number) },
            Discovery = new DiscoveryOptions
            {
                Ports = settings[SettingKeys.DiscoveryPorts].Numbers,
                OpenAi = Named(settings[SettingKeys.OpenAiBaseUrl]),
                // A key for a service whose address cannot be used must not travel to another.
                OpenAiKey = settings[SettingKeys.OpenAiBaseUrl].IsUnusable ? null : settings[SettingKeys.OpenAiApiKey].Text,
                Ollama = Named(settings[SettingKeys.OllamaHost]),
            },
            Mail = isServer ? MailSettings.From(settings) : new MailOptions(),
            KnowledgeFolders = settings[SettingKeys.KnowledgeFolders].Values,
            Web = new WebOptions { AllowedHosts = settings[SettingKeys.WebAllowedHosts].Values },
            Database = new DatabaseOptions
            {
                Postgres = postgres,
                SqlitePath = Path.Combine(data, "calango.db"),
            },
        })
        {
            PublicUrl = publicUrl,
            Proxies = settings[SettingKeys.Proxies].Values,
            ApiOrigins = settings[SettingKeys.ApiOrigins].Values,
            MetricsToken = settings[SettingKeys.MetricsToken].Text,
        };
    }

    /// <summary>Makes the data folder if it is missing, and sees whether it can be written to. A full disk is for its database to tell.</summary>
    /// <exception cref="StartRefusedException">It cannot be made, or not be written to.</exception>
    public void CreateDataFolder()
    {
        try
        {
            Directory.CreateDirectory(Core.DataFolder);
            using var probe = new FileStream(Path.Combine(Core.DataFolder, $".probe-{Environment.ProcessId}"), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
        }
        catch (Exception failure) when ((failure is IOException && !Fault.IsFullDisk(failure)) || failure is UnauthorizedAccessException)
        {
            throw new StartRefusedException($"The data folder {Core.DataFolder} cannot be written to: {failure.Message.TrimEnd('.')}. Allow it, or name another in data ({SettingKeys.Data.Variable}).");
        }
    }

    private static IReadOnlyList<Uri> UrlsOf(Setting setting, HostMode mode, Uri? publicUrl)
    {
        var urls = setting.Values.Select(url => new Uri(url)).ToList();
        if (urls.Find(url => !IsLoopback(url)) is { } open)
        {
            var unsafeUrl = $"{setting.Origin}: urls has '{open}', which is not an address of this machine (127.0.0.1, localhost or [::1])";
            if (mode == HostMode.Desktop)
            {
                throw new StartRefusedException($"{unsafeUrl}; Desktop mode has no password, so Calango serves no other.");
            }

            if (publicUrl is null)
            {
                throw new StartRefusedException($"{unsafeUrl}; {SettingKeys.PublicUrl.Name} ({SettingKeys.PublicUrl.Variable}) must then say where people reach the server, {SettingKeys.PublicUrl.Permitted}.");
            }
        }

        return urls.Count > 0 ? urls : throw setting.Key.Refusal(setting.Origin, "names no address");
    }

    // A name other than localhost could resolve to anything by the time the socket is bound.
    private static bool IsLoopback(Uri url) =>
        url.Host == "localhost" || (IPAddress.TryParse(url.DnsSafeHost, out var address) && IPAddress.IsLoopback(address));

    private static string PostgresOf(SettingsInForce settings) =>
        settings[SettingKeys.Postgres].Text ?? throw new StartRefusedException(
            $"{settings[SettingKeys.Mode].Origin}: mode is Server, which needs {SettingKeys.Postgres.Name} ({SettingKeys.Postgres.Variable}), {SettingKeys.Postgres.Permitted}.");

    private static ServerSecret SecretOf(SettingsInForce settings) => settings[SettingKeys.Secret].Text is { } secret
        ? new ServerSecret(secret)
        : throw new StartRefusedException(
            $"{settings[SettingKeys.Mode].Origin}: mode is Server, which needs {SettingKeys.Secret.Name} ({SettingKeys.Secret.Variable}), {SettingKeys.Secret.Permitted}.");

    private static NamedService? Named(Setting setting) =>
        setting.Text is { } place ? new NamedService(place, setting.IsOfEnvironment ? setting.Key.Variable : setting.Key.Name) : null;
}

/// <summary>For whom the server runs.</summary>
internal enum HostMode
{
    /// <summary>One person on this machine, no password.</summary>
    Desktop,

    /// <summary>Many people with accounts, PostgreSQL.</summary>
    Server,
}
