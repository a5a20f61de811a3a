using System.Reflection;
using System.Reflection.Metadata;

namespace Calango.Core.Plugins;

/// <summary>
/// What the framework remembers of types that it was shown, for as long as the process lives: among them a plugin's, which
/// would stay in memory with all their code.
/// </summary>
internal static class FrameworkCaches
{
    /// <summary>Makes it forget, by the way that the framework itself goes when code is changed while it runs. What is still in use is read again.</summary>
    public static void Clear()
    {
        // Not the runtime's own: what it keeps for a type dies with the type.
        foreach (var handler in AppDomain.CurrentDomain.GetAssemblies().Where(assembly => !assembly.IsCollectible && assembly != typeof(object).Assembly)
            .SelectMany(assembly => assembly.GetCustomAttributes<MetadataUpdateHandlerAttribute>()))
        {
            handler.HandlerType.GetMethod("ClearCache", BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic, [typeof(Type[])])?.Invoke(null, [null]);
        }
    }
}
