using System.Runtime.Loader;

namespace Calango.Core.Plugins;

/// <summary>Tells what belongs to code that is about to leave the memory.</summary>
internal sealed class DyingCode(AssemblyLoadContext context)
{
    public bool Has(Delegate? callback) => callback is not null && (Has(callback.Method.Module.Assembly) || Has(callback.Target));

    public bool Has(object? target) => target is not null && Has(target.GetType());

    private bool Has(Type type) => Has(type.Assembly) || (type.IsGenericType && Array.Exists(type.GetGenericArguments(), Has));

    private bool Has(System.Reflection.Assembly assembly) => assembly.IsCollectible && AssemblyLoadContext.GetLoadContext(assembly) == context;
}
