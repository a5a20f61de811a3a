using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Calango.Core;
using Calango.Web.Api;
using Calango.Web.Configuration;
using Calango.Web.Exchange;
using Calango.Web.Identity;
using Calango.Web.Pages.Chat;
using Calango.Web.Pages.Models;
using Calango.Web.Plugins;
using Calango.Web.Streams;
using Calango.Web.Telemetry;
using Calango.Web.Text;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.WebEncoders;

namespace Calango.Web.Hosting;

/// <summary>Puts the server together: settings, services, and the way of a request.</summary>
public static partial class CalangoHost
{
    internal const long LargestBody = 4 * 1024 * 1024;

    /// <summary>Builds a server that is ready to run. Starting it brings the database up to date and loads the plugins.</summary>
    /// <param name="environment">The environment variables.</param>
    /// <exception cref="StartRefusedException">A setting is missing, wrong or unsafe.</exception>
    public static WebApplication Build(IReadOnlyDictionary<string, string?> environment) => Build(environment, developed: null);

    /// <param name="environment">The environment variables.</param>
    /// <param name="developed">A plugin that is built and swapped in whenever its sources change; null: none.</param>
    /// <exception cref="StartRefusedException">A setting is missing, wrong or unsafe.</exception>
    internal static WebApplication Build(IReadOnlyDictionary<string, string?> environment, DevelopedPlugin? developed)
    {
        var inForce = SettingsInForce.Read(environment);
        var settings = HostSettings.From(inForce);
        Addresses.Try(settings.Urls);
        settings.CreateDataFolder();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            ApplicationName = typeof(CalangoHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });

        AddLogs(builder.Logging);
        // Before all others: what they need is there once it is done.
        builder.Services.AddHostedService<Start>();
        AddServer(builder, settings);
        AddPages(builder.Services, settings);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(inForce);
        builder.Services.AddSingleton<WaitingRoom>();
        builder.Services.AddTelemetry(new ConfigurationBuilder().AddInMemoryCollection(environment).Build());
        builder.Services.AddCalangoCore(settings.Core);
        if (settings.Mode == HostMode.Server)
        {
            builder.Services.AddHostedService<SetUpAnnouncement>();
        }

        if (developed is not null)
        {
            builder.Services.AddSingleton(developed);
            builder.Services.AddHostedService<PluginWorkshop>();
        }

        var app = builder.Build();
        UseRequestPath(app, settings);
        var version = typeof(CalangoHost).Assembly.GetName().Version!.ToString(3);
        LogStart(app.Logger, version, settings.Mode, settings.Core.Database.IsSqlite ? "SQLite" : "PostgreSQL", settings.Core.DataFolder);
        WarnOfUnusable(inForce, app.Logger);
        if (settings is { PublicUrl: { IsLoopback: false } url, IsHttps: false })
        {
            LogOpen(app.Logger, url);
        }

        AnnounceAddress(app, settings);
        return app;
    }

    private static void AddLogs(ILoggingBuilder logging)
    {
        logging.ClearProviders();
        logging.AddJsonConsole(console =>
        {
            console.IncludeScopes = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";
            // For a log, not for a page: what would be code in HTML stays readable.
            console.JsonWriterOptions = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        });
        logging.AddConsole(console => console.FormatterName = LogFormatter.FormatterName).AddConsoleFormatter<LogFormatter, ConsoleFormatterOptions>();
        // The framework's request lines carry query strings, and those hold what people search for.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        // Whoever uses the database says what a lost connection means to it; EF would add an error for each try, and for each command.
        logging.AddFilter("Microsoft.EntityFrameworkCore.Database", LogLevel.Critical);
        // These repeat the exception in their own words, and a database's may quote a value.
        logging.AddFilter("Microsoft.EntityFrameworkCore.Update", LogLevel.Critical);
        logging.AddFilter("Microsoft.EntityFrameworkCore.Query", LogLevel.Critical);
    }

    private static void AddServer(WebApplicationBuilder builder, HostSettings settings)
    {
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.UseUrls([.. settings.Urls.Select(url => url.GetLeftPart(UriPartial.Authority))]);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
            kestrel.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
            kestrel.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(2);
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(30));
        builder.Services.AddSingleton<Drain>();
    }

    private static void AddPages(IServiceCollection services, HostSettings settings)
    {
        services.AddRazorPages(pages =>
        {
            pages.Conventions.AddPageRoute("/Chat/Index", "/");
            pages.Conventions.AddPageRoute("/Chat/Messages", "/messages");
            pages.Conventions.AddPageRoute("/Chat/Several", "/messages/several");
            pages.Conventions.AddPageRoute("/Chat/Attachments", "/chat/new/attachments");
            Access.ForPages(pages.Conventions);
            pages.Conventions.ConfigureFilter(new UnhandledMethods());
        });
        services.AddAccess(settings);
        services.AddSignInLimit();
        services.AddPasskeys(settings);
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = settings.CookieName("csrf");
            antiforgery.Cookie.SecurePolicy = settings.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SameSite = SameSiteMode.Lax;
            antiforgery.HeaderName = "X-CSRF";
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
        services.Configure<FormOptions>(form => form.ValueLengthLimit = (int)LargestBody);
        // Accented letters and other scripts go out as they are: smaller pages, readable source.
        services.Configure<WebEncoderOptions>(encoder => encoder.TextEncoderSettings = new TextEncoderSettings(UnicodeRanges.All));
        services.AddHttpContextAccessor();
        services.AddScoped<Viewer>();
        services.AddScoped<PageText>();
        services.AddScoped<Pages.Admin.Plugins.SettingPlaces>();
        services.AddScoped<RequestAudit>();
        services.AddScoped<LoginFlow>();
        services.AddSingleton<ChatViews>();
        services.AddScoped<ChatMarkdown>();
        services.AddScoped<ChatDownloads>();
        services.AddScoped<Pages.Search.SearchChoices>();
        services.AddSingleton<LocalModelViews>();
        services.AddScoped<FallbackChoices>();
        services.AddScoped<TaskSections>();
        services.AddScoped<FirstModel>();
        services.AddScoped<Pages.Admin.Access.AccessThings>();
        services.AddScoped<Pages.Knowledge.EmbedderChoices>();
        services.AddScoped<Pages.Knowledge.RerankerChoices>();
        services.AddScoped<Pages.ChatMemoryViews>();
        services.AddScoped<Pages.Chat.ComposerFiles>();
        services.AddSingleton<AnswerRenderers>();
        services.AddSingleton<PartialRenderer>();
        services.AddSingleton<TurnEvents>();
        services.AddSingleton<PluginOperationEvents>();
        services.AddSingleton<MoveEvents>();
        services.AddSingleton<StreamLimits>();
        services.AddApi();
        services.AddApiOrigins(settings);
        services.Configure<ForwardedHeadersOptions>(forwarded => Trust(forwarded, settings.Proxies));
    }

    // Nobody but these is believed; each of them adds the address that it was asked from.
    private static void Trust(ForwardedHeadersOptions forwarded, IReadOnlyList<string> proxies)
    {
        forwarded.ForwardedHeaders = proxies.Count > 0 ? ForwardedHeaders.XForwardedFor : ForwardedHeaders.None;
        forwarded.ForwardLimit = null;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            forwarded.KnownIPNetworks.Add(IPAddress.TryParse(proxy, out var address) ? new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8) : System.Net.IPNetwork.Parse(proxy));
        }
    }

    private static void UseRequestPath(WebApplication app, HostSettings settings)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeaders>();
        app.UseMiddleware<HostGuard>();
        app.UseMiddleware<ErrorPages>();
        app.UseMiddleware<SameOriginGuard>();
        // It reads the form, before a page that takes more than others has said so. What programs send is theirs, whatever type they give it.
        app.UseWhen(
            context => context.Request.ContentLength is not > LargestBody && !ApiRoutes.Has(context.Request.Path),
            branch => branch.UseHttpMethodOverride(new HttpMethodOverrideOptions { FormFieldName = "_method" }));
        app.UseRouting();
        app.UseCors();
        app.UseMiddleware<BodyGuard>();
        app.UseAuthentication();
        app.UseRateLimiter();
        app.UseMiddleware<SecondStepGuard>();
        app.UseMiddleware<AuditTrail>();
        app.UseAuthorization();
        app.MapStaticAssets().AllowAnonymous();
        app.MapRazorPages().WithStaticAssets();
        app.MapGet("/turns/{id:guid}/events", app.Services.GetRequiredService<TurnEvents>().ServeAsync);
        app.MapGet("/admin/plugins/operations/{id:guid}/events", app.Services.GetRequiredService<PluginOperationEvents>().ServeAsync).RequireAuthorization(Access.Admin);
        app.MapGet("/admin/storage/moves/{id:guid}/events", app.Services.GetRequiredService<MoveEvents>().ServeAsync).RequireAuthorization(Access.Admin);
        app.MapApi();
        app.MapAvatars();
        app.MapPictures();
        app.MapDocumentFiles();
        app.MapBackChannelLogout(settings);
        app.MapHealth();
        app.MapMetrics(settings);
    }

    private static void WarnOfUnusable(SettingsInForce settings, ILogger logger)
    {
        foreach (var setting in settings.All.Where(setting => setting.IsUnusable))
        {
            LogUnusable(logger, setting.Warning);
        }
    }

    private static void AnnounceAddress(WebApplication app, HostSettings settings) => app.Lifetime.ApplicationStarted.Register(() =>
    {
        foreach (var url in app.Urls)
        {
            Console.Out.WriteLine(url);
        }

        if (settings.Mode == HostMode.Desktop && !Console.IsOutputRedirected && app.Urls.FirstOrDefault() is { } address)
        {
            _ = Task.Run(() => EmbedderNote.WriteAsync(app.Services, address, Console.Out));
        }
    });

    [LoggerMessage(LogLevel.Information, "Calango {Version} starts in {Mode} mode on {Database}, with its data in {Folder}.")]
    private static partial void LogStart(ILogger logger, string version, HostMode mode, string database, string folder);

    [LoggerMessage(LogLevel.Warning, "People reach the server at {Url} over http: passwords and chats can be read on the way. Put a proxy with https before it.")]
    private static partial void LogOpen(ILogger logger, Uri url);

    [LoggerMessage(LogLevel.Warning, "{Warning}")]
    private static partial void LogUnusable(ILogger logger, string warning);
}
