using Calango.Core.Identity;

namespace Calango.Core.Tools;

/// <summary>Which servers of tools are for a person.</summary>
internal static class ToolAccess
{
    /// <summary>Whether they may use a server: what is said of its plugin counts, and what is said of all its tools.</summary>
    public static bool Allows(PersonalAccess access, ToolServer server) =>
        access.Allows(AccessKind.Plugin, server.PluginId) && access.Allows(AccessKind.Tool, ToolKeys.OfAll(server.Id));
}
