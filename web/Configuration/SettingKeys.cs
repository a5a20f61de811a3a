using System.Globalization;
using Calango.Core.Chat;
using Calango.Core.Identity;
using Calango.Core.Mail;
using Calango.Core.Models;
using Calango.Web.Hosting;

namespace Calango.Web.Configuration;

/// <summary>The table of all settings. What is read, checked, printed and explained is what stands here.</summary>
internal static class SettingKeys
{
    /// <summary>The value of <see cref="Sharing"/> with which it is on.</summary>
    public const string SharingOn = "On";

    public static readonly SettingKey Mode = new(
        "mode", "CALANGO_MODE", SettingKind.OneOf(Enum.GetNames<HostMode>()), nameof(HostMode.Desktop),
        "For whom the server runs. Desktop: one person on this machine, with SQLite and no password. Server: many people, with PostgreSQL.");

    public static readonly SettingKey Urls = new(
        "urls", "CALANGO_URLS", SettingKind.Listening, "http://127.0.0.1:5080",
        "Where the server listens. In Desktop mode it serves this machine only, so the host is 127.0.0.1, localhost or [::1]; in Server mode 0.0.0.0 is every address of the machine.");

    public static readonly SettingKey PublicUrl = new(
        "publicUrl", "CALANGO_PUBLICURL", SettingKind.Address, null,
        "Where people reach a server, such as https://chat.example: links lead there, and no other name is answered from outside. A proxy before it handles https.");

    public static readonly SettingKey Secret = new(
        "secret", "CALANGO_SECRET", SettingKind.ServerSecret, null,
        "What seals the keys in the database. Server mode needs it, the same on all replicas, and for as long as the database lives; openssl rand -base64 32 makes one.");

    public static readonly SettingKey Proxies = new(
        "proxies", "CALANGO_PROXIES", SettingKind.Network, "",
        "The proxies that are believed when they say from which address a request comes (X-Forwarded-For).");

    public static readonly SettingKey Data = new(
        "data", "CALANGO_DATA", SettingKind.Folder, "data",
        "The folder of the SQLite database, the keys and the downloaded models. It is made if it is missing.");

    public static readonly SettingKey Plugins = new(
        "plugins", "CALANGO_PLUGINS", SettingKind.Folder, Path.Combine(AppContext.BaseDirectory, "plugins"),
        "The folder of the plugins, one folder each.");

    public static readonly SettingKey Locales = new(
        "locales", "CALANGO_LOCALES", SettingKind.Folder, Path.Combine(AppContext.BaseDirectory, "locales"),
        "The folder of the sentences that people read, one file a language.");

    public static readonly SettingKey Sharing = new(
        "sharing", "CALANGO_SHARING", SettingKind.OneOf(SharingOn, "Off"), SharingOn,
        "Whether people may show chats to others with links. Off: no link is made, and those that were made open nothing.");

    public static readonly SettingKey Postgres = new(
        "database.postgres", "CALANGO_POSTGRES", SettingKind.ConnectionString, null,
        "Where PostgreSQL is and who connects. Server mode needs it; Desktop mode does not use it.");

    public static readonly SettingKey MaxConcurrentTurns = new(
        "turns.maxConcurrent", "CALANGO_TURNS_MAXCONCURRENT", SettingKind.Number(1, 100_000), Default(new TurnOptions().MaxConcurrent),
        "How many answers are written at once; the others wait in line.");

    public static readonly SettingKey MaxAnswerLength = new(
        "turns.maxAnswerLength", "CALANGO_TURNS_MAXANSWERLENGTH", SettingKind.Number(1_000, 100_000_000), Default(new TurnOptions().MaxAnswerLength),
        "The longest answer that is kept, in characters, reasoning included; a longer one is cut.");

    public static readonly SettingKey DeletedChats = new(
        "retention.deletedChats", "CALANGO_RETENTION_DELETEDCHATS", SettingKind.Number(1, 36_500), Default(new RetentionOptions().DeletedChats.Days),
        "For how many days a deleted chat can be brought back; then it is removed with all that belongs to it.");

    public static readonly SettingKey DeletedAccounts = new(
        "retention.deletedAccounts", "CALANGO_RETENTION_DELETEDACCOUNTS", SettingKind.Number(0, 365), Default(new RetentionOptions().Accounts.Days),
        "For how many days people can still keep an account that they want removed; then it goes with all that is theirs. 0: at once.");

    public static readonly SettingKey Traces = new(
        "retention.traces", "CALANGO_RETENTION_TRACES", SettingKind.Number(1, 36_500), Default(new RetentionOptions().Traces.Days),
        "For how many days it is kept what was sent for an answer. Each has the chat before it once more, so they take more room than all else.");

    public static readonly SettingKey LongestSession = new(
        "retention.sessions", "CALANGO_RETENTION_SESSIONS", SettingKind.Number(1, 365), Default(new SessionLimits().Longest.Days),
        "For how many days a session lasts at most in Server mode, however much it is used; then people sign in again.");

    public static readonly SettingKey DiscoveryPorts = new(
        "discovery.ports", "CALANGO_DISCOVERY_PORTS", SettingKind.Number(1, 65_535) with { IsList = true },
        string.Join(", ", new DiscoveryOptions().Ports.Select(Default)),
        "The ports of this machine where model services are looked for. An empty list, [], looks at none.");

    public static readonly SettingKey OpenAiBaseUrl = new(
        "openai.baseUrl", "OPENAI_BASE_URL", SettingKind.Address, null,
        "The address of a service that speaks OpenAI's protocol; the page of models offers it.");

    public static readonly SettingKey OpenAiApiKey = new(
        "openai.apiKey", "OPENAI_API_KEY", SettingKind.Secret, null,
        "The key for openai.baseUrl; without that, the key for OpenAI itself.");

    public static readonly SettingKey OllamaHost = new(
        "ollama.host", "OLLAMA_HOST", SettingKind.Text, null,
        "Where Ollama runs: a host, a host and a port, or an address; the page of models offers it. Ollama reads the same variable.");

    public static readonly SettingKey WebAllowedHosts = new(
        "web.allowedHosts", "CALANGO_WEB_ALLOWEDHOSTS", SettingKind.Hosts, "",
        "Hosts with their ports, such as wiki.example:8080, that tools may fetch from and webhooks may lead to although they are in your own network. All others must be of the public web.");

    public static readonly SettingKey KnowledgeFolders = new(
        "knowledge.folders", "CALANGO_KNOWLEDGE_FOLDERS", SettingKind.Folder with { IsList = true }, "",
        "Folders of this machine below which whoever runs the server may have collections watch folders. Without any, no folder can be watched.");

    public static readonly SettingKey ApiOrigins = new(
        "api.origins", "CALANGO_API_ORIGINS", SettingKind.Origins, "",
        "The origins, such as https://notes.example, whose pages may use /v1 and /api with a token. No other page of another site may.");

    public static readonly SettingKey MetricsToken = new(
        "metrics.token", "CALANGO_METRICS_TOKEN", SettingKind.Secret, null,
        "With which /metrics is read in Server mode, as Authorization: Bearer; without it, it is not there. In Desktop mode whoever reaches the server reads it.");

    public static readonly SettingKey MailHost = new(
        "mail.host", "CALANGO_MAIL_HOST", SettingKind.Host, null,
        "The mail server that takes what the server sends to people, over SMTP. Without it, and without mail.folder, nothing is sent by e-mail.");

    public static readonly SettingKey MailPort = new(
        "mail.port", "CALANGO_MAIL_PORT", SettingKind.Number(1, 65_535), Default(new MailOptions().Port),
        "The port of the mail server: 587 for StartTls, 465 for Tls.");

    public static readonly SettingKey MailSecurity = new(
        "mail.security", "CALANGO_MAIL_SECURITY", SettingKind.OneOf(Enum.GetNames<MailSecurity>()), nameof(Core.Mail.MailSecurity.StartTls),
        "How the way to the mail server is encrypted. StartTls: from the first command on. Tls: from the first byte on. None: not at all; no password goes that way but to this machine.");

    public static readonly SettingKey MailUser = new(
        "mail.user", "CALANGO_MAIL_USER", SettingKind.Text, null,
        "As whom the server signs in at the mail server; without it, it doesn't.");

    public static readonly SettingKey MailPassword = new(
        "mail.password", "CALANGO_MAIL_PASSWORD", SettingKind.Secret, null,
        "With which password the server signs in at the mail server.");

    public static readonly SettingKey MailFrom = new(
        "mail.from", "CALANGO_MAIL_FROM", SettingKind.MailAddress, null,
        "From which address messages come. It is needed where messages are sent.");

    public static readonly SettingKey MailFolder = new(
        "mail.folder", "CALANGO_MAIL_FOLDER", SettingKind.Folder, null,
        "For whoever works on a server: the folder into which each message is put as an .eml file instead of being sent.");

    /// <summary>All, in the order in which they are printed.</summary>
    public static readonly IReadOnlyList<SettingKey> All =
    [
        Mode, Urls, PublicUrl, Proxies, Secret, Data, Plugins, Locales, Sharing, Postgres, MaxConcurrentTurns, MaxAnswerLength, DeletedChats, DeletedAccounts, Traces, LongestSession, DiscoveryPorts, OpenAiBaseUrl, OpenAiApiKey, OllamaHost, WebAllowedHosts, KnowledgeFolders, ApiOrigins, MetricsToken, MailHost, MailPort, MailSecurity, MailUser, MailPassword, MailFrom, MailFolder,
    ];

    /// <summary>The sections of the file.</summary>
    public static readonly IReadOnlyList<string> Sections = [.. All.Select(key => key.Name.Split('.')).Where(parts => parts.Length > 1).Select(parts => parts[0]).Distinct()];

    /// <summary>The setting of a name; null: there is none.</summary>
    public static SettingKey? Find(string name) => All.FirstOrDefault(key => key.Name == name);

    private static string Default(int number) => number.ToString(CultureInfo.InvariantCulture);
}
