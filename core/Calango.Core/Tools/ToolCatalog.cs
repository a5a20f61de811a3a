using System.Text.RegularExpressions;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Tools;

/// <summary>All tools that chats may use, and the way to call one. A server that is slow or broken takes none but its own away. Thread-safe.</summary>
public sealed partial class ToolCatalog(ToolServers servers, PluginHost plugins, TimeProvider clock)
{
    private const int MaxToolsOfServer = 128, MaxNameLength = 64;

    private static readonly TimeSpan LongestListing = TimeSpan.FromSeconds(10);

    /// <summary>The tools of every server that is on, those that can be asked now.</summary>
    public async Task<IReadOnlyList<ToolListing>> ListAsync(CancellationToken cancellationToken)
    {
        var on = (await servers.ListAsync(cancellationToken)).Where(server => server.IsOn);
        var listed = await Task.WhenAll(on.Select(server => ListAsync(server, cancellationToken)));
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        return [.. listed.Select(listing => listing with { Tools = [.. listing.Tools.Select(tool => Named(tool, taken))] })];
    }

    /// <summary>The tools of one server, or what exactly is wrong with it.</summary>
    public async Task<ToolListing> ListAsync(ToolServer server, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestListing, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var plugin = plugins.LeaseTools(server.PluginId);
            var source = plugin?.Generation.ToolSource ?? throw PluginFault.NotServing(server.PluginId);
            var token = either.Token;
            // Elsewhere, and not awaited beyond the limit: a plugin that blocks its thread must not block this one.
            var tools = await Task.Run(() => source.ListAsync(servers.SettingsOf(server), token), token).WaitAsync(token);
            return new ToolListing(server, [.. tools.Where(IsUsable).DistinctBy(tool => tool.Name).Take(MaxToolsOfServer).Select(tool => new CatalogTool(server, tool, tool.Name))], null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new ToolListing(server, [], ToolFailures.Of(exception, server));
        }
    }

    /// <summary>The same for settings that are only tried: what was opened for them is closed.</summary>
    public async Task<ToolListing> TryAsync(ToolServer server, CancellationToken cancellationToken)
    {
        try
        {
            return await ListAsync(server, cancellationToken);
        }
        finally
        {
            await servers.CloseAsync(server, cancellationToken);
        }
    }

    /// <summary>Calls a tool.</summary>
    /// <exception cref="ProviderException">It failed, with the kind that says how.</exception>
    /// <exception cref="PluginFault">Its plugin doesn't serve or failed.</exception>
    internal async Task<ToolResult> InvokeAsync(CatalogTool tool, string arguments, Guid turnId, CancellationToken cancellationToken)
    {
        // The lease lasts as long as the call, however long ago whoever waited for it has given up.
        return await Task.Run(CallAsync, cancellationToken).WaitAsync(cancellationToken);

        async Task<ToolResult> CallAsync()
        {
            using var plugin = plugins.LeaseTools(tool.Server.PluginId, turnId);
            var source = plugin?.Generation.ToolSource ?? throw PluginFault.NotServing(tool.Server.PluginId);
            return await source.InvokeAsync(servers.SettingsOf(tool.Server), new ToolCall(tool.Info.Name, arguments), cancellationToken);
        }
    }

    private static bool IsUsable(ToolInfo tool) => tool.Name.Length is > 0 and <= 200 && !tool.Name.Any(char.IsControl) && JsonSchema.IsObject(tool.Schema);

    // Two servers may have tools of one name: the later one's says whose it is.
    private static CatalogTool Named(CatalogTool tool, HashSet<string> taken)
    {
        var name = Cut(Odd().Replace(tool.Info.Name, "_"), MaxNameLength);
        for (var number = 1; !taken.Add(name); number++)
        {
            var end = number == 1 ? "" : $"_{number}";
            var start = $"{Cut(Odd().Replace(tool.Server.Name, "_"), 24)}_{Odd().Replace(tool.Info.Name, "_")}";
            name = Cut(start, MaxNameLength - end.Length) + end;
        }

        return tool with { Name = name };
    }

    private static string Cut(string text, int length) => text.Length <= length ? text : text[..length];

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Odd();
}
