using System.Diagnostics;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;

namespace Calango.Tests.Fixtures;

/// <summary>Debian's glewlwyd, a provider of OpenID Connect that shares no code with the others, in a process and with a database of its own.</summary>
public sealed class Glewlwyd : IAsyncDisposable
{
    /// <summary>The client that it knows.</summary>
    public const string ClientId = "calango";

    /// <summary>With this secret, which has nothing to escape: glewlwyd doesn't undo what RFC 6749, 2.3.1 asks of a client.</summary>
    public const string ClientSecret = "kept-by-both";

    /// <summary>Who has an account there, in the groups staff and writers.</summary>
    public const string User = "rita";

    /// <summary>With this password.</summary>
    public const string Password = "the password of rita";

    private const string Program = "/usr/bin/glewlwyd";
    private const string Schema = "/usr/share/dbconfig-common/data/glewlwyd/install/sqlite3";

    // Its own format of an account knows no groups.
    private const string Format = """
        {"use-glewlwyd-connection": true, "data-format": {
          "groups": {"multiple": true, "read": true, "write": true}, "email_verified": {"multiple": false, "read": true, "write": true}}}
        """;

    private readonly Process _process;
    private readonly Lifeline _lifeline;
    private readonly TestDatabase _database;
    private readonly string _folder;
    private readonly HttpClient _administrator;

    private Glewlwyd(Process process, TestDatabase database, string folder, Uri address)
    {
        (_process, _database, _folder) = (process, database, folder);
        _lifeline = new Lifeline(process);
        _administrator = new HttpClient { BaseAddress = new Uri(address, "/api/") };
        Issuer = new Uri(address, "/api/oidc").AbsoluteUri;
    }

    /// <summary>Why there is none to test with; null if there is.</summary>
    public static string? WhyNot => File.Exists(Program) ? null : "glewlwyd is not installed (Debian package glewlwyd).";

    /// <summary>Its name and address.</summary>
    public string Issuer { get; }

    /// <summary>Starts one that knows one client and one person.</summary>
    /// <param name="returnAddress">Where a login leads.</param>
    /// <param name="logoutAddress">What is told when somebody logs out there.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<Glewlwyd> StartAsync(Uri returnAddress, Uri logoutAddress, CancellationToken cancellationToken)
    {
        var folder = TestFolders.NewTemporary("glewlwyd");
        var address = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
        var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await FillAsync(database.Options.SqlitePath, cancellationToken);
        CopyPages(Path.Combine(folder, "pages"));
        var configuration = Path.Combine(folder, "glewlwyd.conf");
        await File.WriteAllTextAsync(configuration, Configuration(address, folder, database.Options.SqlitePath), cancellationToken);
        var process = Process.Start(new ProcessStartInfo(Program, [$"--config-file={configuration}"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // What it says is read and dropped: it would stop where nobody reads.
        _ = process.StandardOutput.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
        var provider = new Glewlwyd(process, database, folder, address);
        await Eventually.HoldsAsync("glewlwyd answers", provider.AnswersAsync, cancellationToken);
        await provider.SetUpAsync(returnAddress, logoutAddress, cancellationToken);
        return provider;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _administrator.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _lifeline.Dispose();
        await _database.DisposeAsync();
        TestFolders.Delete(_folder);
    }

    private static async Task FillAsync(string file, CancellationToken cancellationToken)
    {
        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync(cancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = await File.ReadAllTextAsync(Schema, cancellationToken) + "UPDATE g_user_module_instance SET gumi_parameters = @format;";
        command.Parameters.AddWithValue("@format", Format);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    // Debian's pages look for their settings behind a link that leads to no file.
    private static void CopyPages(string folder)
    {
        const string pages = "/usr/share/glewlwyd/webapp", settings = "config.json";
        foreach (var file in Directory.EnumerateFiles(pages, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != settings))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(pages, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        File.Copy($"/usr/share/glewlwyd/templates/{settings}", Path.Combine(folder, settings));
    }

    private static string Configuration(Uri address, string folder, string database) => $$"""
        port = {{address.Port}}
        bind_address = "127.0.0.1"
        external_url = "{{address.GetLeftPart(UriPartial.Authority)}}"
        login_url = "login.html"
        api_prefix = "api"
        log_mode = "console"
        log_level = "ERROR"
        cookie_secure = 0
        session_key = "GLEWLWYD2_SESSION_ID"
        admin_scope = "g_admin"
        profile_scope = "g_profile"
        hash_algorithm = "SHA512"
        user_module_path = "/usr/lib/glewlwyd/user"
        client_module_path = "/usr/lib/glewlwyd/client"
        user_auth_scheme_module_path = "/usr/lib/glewlwyd/scheme"
        plugin_module_path = "/usr/lib/glewlwyd/plugin"
        static_files_path = "{{folder}}/pages/"
        static_files_mime_types = (
          { extension = ".html" mime_type = "text/html" }, { extension = ".css" mime_type = "text/css" },
          { extension = ".js" mime_type = "application/javascript" }, { extension = ".json" mime_type = "application/json" },
          { extension = ".png" mime_type = "image/png" }, { extension = ".ico" mime_type = "image/x-icon" },
          { extension = ".woff" mime_type = "font/woff" }, { extension = ".woff2" mime_type = "font/woff2" }, { extension = ".ttf" mime_type = "font/ttf" })
        database = { type = "sqlite3" path = "{{database}}" }
        """;

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return (await _administrator.GetAsync("../config")).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task SetUpAsync(Uri returnAddress, Uri logoutAddress, CancellationToken cancellationToken)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await SendAsync("auth/", new() { ["username"] = "admin", ["password"] = "password" });
        await SendAsync("mod/plugin/", new()
        {
            ["module"] = "oidc",
            ["name"] = "oidc",
            ["display_name"] = "OpenID Connect",
            ["parameters"] = new JsonObject
            {
                ["iss"] = Issuer,
                ["jwt-type"] = "ecdsa",
                ["jwt-key-size"] = "256",
                ["key"] = key.ExportPkcs8PrivateKeyPem(),
                ["cert"] = key.ExportSubjectPublicKeyInfoPem(),
                ["access-token-duration"] = 600,
                ["refresh-token-duration"] = 600,
                ["code-duration"] = 60,
                ["auth-type-code-enabled"] = true,
                ["pkce-allowed"] = true,
                ["pkce-required"] = true,
                ["jwks-show"] = true,
                ["oauth-as-iss-id"] = true,
                ["session-management-allowed"] = true,
                ["session-cookie-name"] = "GLEWLWYD2_OIDC_SID",
                ["session-cookie-expiration"] = 600,
                ["back-channel-logout-allowed"] = true,
                // Its page for logging out asks for those clients, too.
                ["front-channel-logout-allowed"] = true,
                ["name-claim"] = "mandatory",
                ["email-claim"] = "mandatory",
                ["claims"] = new JsonArray(
                    new JsonObject { ["name"] = "groups", ["user-property"] = "groups", ["type"] = "string", ["mandatory"] = true },
                    new JsonObject { ["name"] = "email_verified", ["user-property"] = "email_verified", ["type"] = "boolean", ["boolean-value-true"] = "yes", ["boolean-value-false"] = "no", ["mandatory"] = true }),
            },
        });
        await SendAsync("user/", new()
        {
            ["username"] = User,
            ["password"] = Password,
            ["name"] = "Rita",
            ["email"] = "rita@example.org",
            ["groups"] = new JsonArray("staff", "writers"),
            ["email_verified"] = "yes",
            ["scope"] = new JsonArray("openid", "g_profile"),
            ["enabled"] = true,
        });
        await SendAsync("client/", new()
        {
            ["client_id"] = ClientId,
            ["name"] = "Calango",
            ["confidential"] = true,
            ["client_secret"] = ClientSecret,
            ["redirect_uri"] = new JsonArray(returnAddress.AbsoluteUri),
            ["authorization_type"] = new JsonArray("code"),
            ["token_endpoint_auth_method"] = new JsonArray("client_secret_basic"),
            ["backchannel_logout_uri"] = logoutAddress.AbsoluteUri,
            ["backchannel_logout_session_required"] = "1",
            ["scope"] = new JsonArray("openid"),
            ["enabled"] = true,
        });

        async Task SendAsync(string path, JsonObject body)
        {
            using var response = await _administrator.PostAsJsonAsync(path, body, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new InvalidOperationException($"glewlwyd refused {path} with {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            }
        }
    }
}
