using System.Runtime.CompilerServices;
using Calango.Sdk;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Plugins;

/// <summary>
/// One load of a plugin: its code, its own service container, and a gate that counts who uses it. A slot can take a new
/// generation at any moment; the old one lives until its last lease is back.
/// </summary>
internal sealed class PluginGeneration
{
    // The count of leases; once closed, nobody enters any more.
    private const long Closed = 1L << 62;

    private readonly CancellationTokenSource _stopping;
    private readonly TaskCompletionSource _drained = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private PluginLoadContext? _code;
    private ServiceProvider? _services;
    private long _gate;

    private PluginGeneration(PluginManifest manifest, PluginLoadContext code, ServiceProvider services, CancellationTokenSource stopping)
    {
        (Manifest, _code, _services, _stopping) = (manifest, code, services, stopping);
        Providers = [.. services.GetServices<IModelProvider>().Select(provider => new GuardedProvider(manifest.Id, provider))];
        LocalModels = services.GetService<ILocalModels>() is { } localModels ? new GuardedLocalModels(manifest.Id, localModels) : null;
        EventSink = services.GetService<IEventSink>() is { } sink ? new GuardedEventSink(manifest, sink) : null;
    }

    public PluginManifest Manifest { get; }

    public IReadOnlyList<GuardedProvider> Providers { get; private set; }

    public GuardedLocalModels? LocalModels { get; private set; }

    public GuardedEventSink? EventSink { get; private set; }

    public ChatClientCache Clients { get; } = new();

    /// <summary>Loads a plugin's code and makes its objects. Runs the plugin's own code.</summary>
    /// <exception cref="PluginRejectedException">It is not a plugin that this server can run.</exception>
    public static PluginGeneration Load(string folder, PluginManifest manifest, PluginServices host)
    {
        HostAssemblies.RefusePrivate(folder);
        var entry = Path.Combine(folder, manifest.Entry);
        var code = new PluginLoadContext($"{manifest.Id} {manifest.Version}", entry);
        var stopping = new CancellationTokenSource();
        try
        {
            var services = host.For(manifest, folder, stopping.Token);
            var builder = new PluginBuilder(services);
            EntryOf(code, entry).Register(builder);
            builder.RequireAsDeclared(manifest.Provides);
            return new PluginGeneration(manifest, code, services.BuildServiceProvider(), stopping);
        }
        catch
        {
            stopping.Dispose();
            code.Unload();
            throw;
        }
    }

    public bool TryEnter()
    {
        if (Interlocked.Increment(ref _gate) < Closed)
        {
            return true;
        }

        Leave();
        return false;
    }

    public void Leave()
    {
        if (Interlocked.Decrement(ref _gate) == Closed)
        {
            _drained.TrySetResult();
        }
    }

    /// <summary>
    /// Lets nobody in, waits for the leases that are out but not longer than <paramref name="drainLimit"/>, then ends
    /// everything that the plugin started and unloads its code. The code is gone from memory some garbage collections later.
    /// </summary>
    public async Task StopAsync(TimeSpan drainLimit)
    {
        await EndAsync(drainLimit);
        Unload();
    }

    /// <summary>As <see cref="StopAsync"/>, but the code stays for as long as the process: for when that is about to end too.</summary>
    public async Task StopForExitAsync(TimeSpan drainLimit)
    {
        await EndAsync(drainLimit);
        _code!.KeepUntilExit();
    }

    private async Task EndAsync(TimeSpan drainLimit)
    {
        if (Interlocked.Add(ref _gate, Closed) == Closed)
        {
            _drained.TrySetResult();
        }

        await _drained.Task.WaitAsync(drainLimit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stopping.CancelAsync();
        await _services!.DisposeAsync();
        Clients.Clear();
        _stopping.Dispose();
    }

    private static IPlugin EntryOf(PluginLoadContext code, string path)
    {
        var plugins = code.LoadFromAssemblyPath(path).GetExportedTypes().Where(type => type.IsAssignableTo(typeof(IPlugin)) && !type.IsAbstract).ToList();
        return plugins is [var plugin]
            ? (IPlugin)Activator.CreateInstance(plugin)!
            : throw new PluginRejectedException($"{Path.GetFileName(path)} must have exactly one public class that implements IPlugin; it has {plugins.Count}");
    }

    // Not inlined: a reference left on the caller's stack frame would keep the code alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Unload()
    {
        (Providers, LocalModels, EventSink, _services) = ([], null, null, null);
        FrameworkCaches.Clear();
        _code!.Unload();
        _code = null;
    }
}
