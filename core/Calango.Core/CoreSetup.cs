using Calango.Core.Audit;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Events;
using Calango.Core.Exchange;
using Calango.Core.Files;
using Calango.Core.Identity;
using Calango.Core.Jobs;
using Calango.Core.Knowledge;
using Calango.Core.Localization;
using Calango.Core.Mail;
using Calango.Core.Memory;
using Calango.Core.Models;
using Calango.Core.PersonalData;
using Calango.Core.Plugins;
using Calango.Core.Quotas;
using Calango.Core.Search;
using Calango.Core.Sharing;
using Calango.Core.Templates;
using Calango.Core.Tools;
using Calango.Core.Webhooks;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core;

/// <summary>The table of contents of the kernel: one line a feature.</summary>
public static class CoreSetup
{
    /// <summary>Adds the whole kernel.</summary>
    public static IServiceCollection AddCalangoCore(this IServiceCollection services, CoreOptions options) => services
        .AddCalangoData(options.Database)
        .AddCalangoIdentity(options)
        .AddCalangoAudit(options)
        .AddCalangoJobs()
        .AddCalangoLocalization(options)
        .AddCalangoMail(options.Mail)
        .AddCalangoPlugins(options)
        .AddCalangoModels(options)
        .AddCalangoEvents()
        .AddCalangoFiles()
        .AddCalangoKnowledge()
        .AddCalangoTemplates()
        .AddCalangoTools()
        .AddCalangoQuotas()
        .AddCalangoWebhooks(options)
        .AddCalangoSearch()
        .AddCalangoChat(options)
        .AddCalangoMemory()
        .AddCalangoSharing(options)
        .AddCalangoExchange()
        .AddCalangoPersonalData();
}

/// <summary>What the kernel must be told at start.</summary>
public sealed class CoreOptions
{
    /// <summary>Where everything is kept that isn't in the database; exists.</summary>
    public required string DataFolder { get; init; }

    /// <summary>What the operator gives a server of many people; null: a laptop's, which needs none.</summary>
    public ServerSecret? Secret { get; init; }

    /// <summary>Where the plugins are: one folder each.</summary>
    public required string PluginsFolder { get; init; }

    /// <summary>Where the program is that runs isolated plugins; null: beside the server, or beside the plugins.</summary>
    public string? PluginProcessFolder { get; init; }

    /// <summary>Where the program is that reads documents; null: beside the server, or beside the plugins.</summary>
    public string? ExtractionFolder { get; init; }

    /// <summary>Whether plugins are loaded too that are left out of a normal start: the test doubles.</summary>
    public bool LoadHiddenPlugins { get; init; }

    /// <summary>How long a plugin may take to load before it is rejected.</summary>
    public TimeSpan PluginLoadLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Into which people drop model weights.</summary>
    public string ModelsFolder => Path.Combine(DataFolder, "models");

    /// <summary>Where model services are looked for.</summary>
    public DiscoveryOptions Discovery { get; init; } = new();

    /// <summary>Limits of running turns.</summary>
    public TurnOptions Turns { get; init; } = new();

    /// <summary>What may be fetched besides the public web.</summary>
    public WebOptions Web { get; init; } = new();

    /// <summary>The folders of the server below which collections may watch folders.</summary>
    public IReadOnlyList<string> KnowledgeFolders { get; init; } = [];

    /// <summary>How long is kept what could be removed.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>How long people stay signed in.</summary>
    public SessionLimits Sessions { get; init; } = new();

    /// <summary>Whether people may show chats to others with links.</summary>
    public bool Sharing { get; init; } = true;

    /// <summary>How messages leave the server.</summary>
    public MailOptions Mail { get; init; } = new();

    /// <summary>The locale files.</summary>
    public required string LocalesFolder { get; init; }

    /// <summary>Which database.</summary>
    public required DatabaseOptions Database { get; init; }
}
