using System.Text.RegularExpressions;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Tools;

/// <summary>All tools that chats may use, and the way to call one. A server that is slow or broken takes none but its own away. Thread-safe.</summary>
public sealed partial class ToolCatalog(ToolServers servers, PersonalToolSettings personal, AccessLimits limits, PluginHost plugins, TimeProvider clock)
{
    private const int MaxToolsOfServer = 128, MaxNameLength = 64;

    private static readonly TimeSpan LongestListing = TimeSpan.FromSeconds(10);

    /// <summary>The tools that a person may use, of every server that is on, those that can be asked now: for them there are no others.</summary>
    public async Task<IReadOnlyList<ToolListing>> ListAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var access = await limits.OfAsync(accountId, cancellationToken);
        var on = (await servers.ListAsync(cancellationToken)).Where(server => server.IsOn && ToolAccess.Allows(access, server)).ToList();
        var stored = await personal.StoredAsync(accountId, on, cancellationToken);
        var listed = await Task.WhenAll(on.Select(server => ListAsync(personal.ServerOf(server, stored.GetValueOrDefault(server.Id)), cancellationToken)));
        var taken = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        // Named before those are left out that are not theirs: a tool is called the same for everybody.
        return [.. listed.Select(listing => listing with { Tools = [.. listing.Tools.Select(tool => Named(tool, taken)).Where(tool => access.Allows(AccessKind.Tool, tool.Key))] })];
    }

    /// <summary>The tools of every server that is on, for whoever runs the server.</summary>
    public async Task<IReadOnlyList<ToolListing>> ListAllAsync(Guid administratorId, CancellationToken cancellationToken)
    {
        var on = (await servers.ListAsync(cancellationToken)).Where(server => server.IsOn).ToList();
        var stored = await personal.StoredAsync(administratorId, on, cancellationToken);
        return await Task.WhenAll(on.Select(server => ListAsync(personal.ServerOf(server, stored.GetValueOrDefault(server.Id)), cancellationToken)));
    }

    /// <summary>The tools of a server with settings that an administrator only tries, or what exactly is wrong with it. What was opened for them is closed.</summary>
    public async Task<ToolListing> TryAsync(ToolServer server, Guid accountId, CancellationToken cancellationToken)
    {
        try
        {
            var stored = await personal.StoredAsync(accountId, [server], cancellationToken);
            return await ListAsync(personal.ServerOf(server, stored.GetValueOrDefault(server.Id)), cancellationToken);
        }
        finally
        {
            await servers.CloseAsync(server, cancellationToken);
        }
    }

    /// <summary>The same for what a person only tries.</summary>
    /// <exception cref="InvalidInputException">A value was refused; nothing was sent.</exception>
    /// <exception cref="RejectedException"><c>tools.moved</c>: an administrator has changed where it is meanwhile.</exception>
    public async Task<ToolListing> TryAsync(PersonalServer asked, PersonalInput input, CancellationToken cancellationToken)
    {
        try
        {
            var tried = personal.Try(asked, input);
            var listing = await ListAsync(asked with { Stored = tried }, cancellationToken);
            await servers.CloseAsync(asked.Server.Id, tried.Id, cancellationToken);
            return listing;
        }
        catch (ProviderException unreadable)
        {
            return new ToolListing(asked.Server, [], ToolFailures.Of(unreadable, asked.Server));
        }
    }

    /// <summary>Calls a tool for a person.</summary>
    /// <exception cref="ProviderException">It failed, with the kind that says how; or it is not for this person any more.</exception>
    /// <exception cref="PluginFault">Its plugin doesn't serve or failed.</exception>
    internal async Task<ToolResult> InvokeAsync(CatalogTool tool, string arguments, Guid turnId, Guid accountId, CancellationToken cancellationToken)
    {
        if (await limits.OfAsync(accountId, cancellationToken) is var access && !(ToolAccess.Allows(access, tool.Server) && access.Allows(AccessKind.Tool, tool.Key)))
        {
            throw new ProviderException(ProviderErrorKind.ModelNotFound);
        }

        // As it is now: they may have taken back what they had entered when the turn began.
        var stored = await personal.StoredAsync(accountId, [tool.Server], cancellationToken);
        var settings = personal.SettingsOf(personal.ServerOf(tool.Server, stored.GetValueOrDefault(tool.Server.Id)));
        // The lease lasts as long as the call, however long ago whoever waited for it has given up.
        return await Task.Run(CallAsync, cancellationToken).WaitAsync(cancellationToken);

        async Task<ToolResult> CallAsync()
        {
            using var plugin = plugins.LeaseTools(tool.Server.PluginId, turnId);
            var source = plugin?.Generation.ToolSource ?? throw PluginFault.NotServing(tool.Server.PluginId);
            return await source.InvokeAsync(settings, new ToolCall(tool.Info.Name, arguments), cancellationToken);
        }
    }

    private async Task<ToolListing> ListAsync(PersonalServer asked, CancellationToken cancellationToken)
    {
        var server = asked.Server;
        var listing = new ToolListing(server, [], null) { AsksPeople = asked.Fields.Count > 0, LacksYours = asked.Lacks };
        if (asked.Lacks)
        {
            return listing with { Failure = ToolFailures.LacksYours(server) };
        }

        using var limit = new CancellationTokenSource(LongestListing, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            using var plugin = plugins.LeaseTools(server.PluginId);
            var source = plugin?.Generation.ToolSource ?? throw PluginFault.NotServing(server.PluginId);
            var token = either.Token;
            // Elsewhere, and not awaited beyond the limit: a plugin that blocks its thread must not block this one.
            var tools = await Task.Run(() => source.ListAsync(personal.SettingsOf(asked), token), token).WaitAsync(token);
            return listing with { Tools = [.. tools.Where(IsUsable).DistinctBy(tool => tool.Name).Take(MaxToolsOfServer).Select(tool => new CatalogTool(server, tool, tool.Name))] };
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return listing with { Failure = ToolFailures.Of(exception, server) };
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
