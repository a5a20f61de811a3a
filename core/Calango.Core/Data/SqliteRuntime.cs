using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace Calango.Core.Data;

/// <summary>
/// Makes EF Core run on the system's SQLite. EF Core 10 is built against SQLitePCLRaw 2.1, and the newest that can be
/// pinned here is 2.0.6, whose bundled SQLite is too old for EF's JSON columns. Three steps bridge that: the assembly is
/// resolved by name whatever its version, the native library is the system's, and the provider is set by hand.
/// docs/decisions/sqlite.md has the whole story.
/// </summary>
internal static class SqliteRuntime
{
    private static int _initialized;

    /// <summary>Call before the first SQLite connection; later calls do nothing.</summary>
    public static void Initialize()
    {
        if (Interlocked.Exchange(ref _initialized, 1) == 1)
        {
            return;
        }

        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == "SQLitePCLRaw.core" ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "SQLitePCLRaw.core.dll")) : null;
        UseSystemLibrary();
    }

    // Apart from Initialize: the types named here must not be looked up before the resolver above is in place.
    private static void UseSystemLibrary()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, (name, _, _) => name == "e_sqlite3" ? Load() : 0);
        SQLitePCL.raw.SetProvider(new SQLitePCL.SQLite3Provider_e_sqlite3());
    }

    private static nint Load()
    {
        string[] names = OperatingSystem.IsWindows() ? ["winsqlite3"] : OperatingSystem.IsMacOS() ? ["libsqlite3.dylib"] : ["libsqlite3.so.0", "libsqlite3.so"];
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, Assembly.GetExecutingAssembly(), null, out var handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException($"SQLite is not installed: none of {string.Join(", ", names)} could be loaded. On Debian: apt-get install libsqlite3-0");
    }
}
