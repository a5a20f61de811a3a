using System.Runtime.CompilerServices;
using Calango.Sdk;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Plugins;

/// <summary>The code of a generation in this process, in a load context of its own, with a container of its own.</summary>
internal sealed class InProcessCode : IPluginCode
{
    private readonly PluginCalls _calls;
    private readonly string _name;
    private readonly CancellationTokenSource _stopping;
    private readonly WeakReference _watch;
    private ServiceCollection? _registered;
    private PluginLoadContext? _code;
    private ServiceProvider? _services;
    private bool _isKept;

    private InProcessCode(PluginManifest manifest, PluginCalls calls, PluginLoadContext code, ServiceCollection registered, CancellationTokenSource stopping)
    {
        (_name, _calls, _code, _registered, _stopping) = (manifest.Name, calls, code, registered, stopping);
        _watch = new WeakReference(code, trackResurrection: true);
    }

    // It goes with its process only.
    event Action<string>? IPluginCode.GaveUp
    {
        add { }
        remove { }
    }

    public long? MemoryBytes => null;

    /// <summary>Loads the code and lets it say what it provides. Runs it.</summary>
    /// <exception cref="PluginRejectedException">It is not a plugin that can be run here.</exception>
    public static InProcessCode Load(string folder, PluginManifest manifest, PluginCalls calls, PluginServices host)
    {
        var references = HostAssemblies.RefusePrivate(folder);
        var entry = Path.Combine(folder, manifest.Entry);
        var code = new PluginLoadContext($"{manifest.Id} {manifest.Version}", entry, PrivateCopies.For(references), calls);
        var stopping = new CancellationTokenSource();
        try
        {
            var services = host.For(manifest, folder, stopping.Token);
            var builder = new PluginBuilder(services);
            EntryOf(code, entry).Register(builder);
            builder.RequireAsDeclared(manifest.Provides);
            return new InProcessCode(manifest, calls, code, services, stopping);
        }
        catch
        {
            stopping.Dispose();
            code.Unload();
            throw;
        }
    }

    public PluginParts Start()
    {
        _services = _registered!.BuildServiceProvider();
        return new PluginParts(
            [.. _services.GetServices<IModelProvider>().Select(provider => new GuardedProvider(_calls, provider, provider as IReranker))],
            _services.GetService<ILocalModels>() is { } localModels ? new GuardedLocalModels(_calls, localModels) : null,
            _services.GetService<IEventSink>() is { } sink ? new GuardedEventSink(_calls, _name, sink) : null,
            _services.GetService<IToolSource>() is { } tools ? new GuardedToolSource(_calls, _name, tools) : null,
            _services.GetService<IBlobStore>() is { } blobs ? new GuardedBlobStore(_calls, _name, blobs) : null,
            _services.GetService<IPassageIndex>() is { } index ? new GuardedPassageIndex(_calls, _name, index) : null);
    }

    public void CheckHealth(PluginParts parts) => PluginHealth.Check(parts);

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        if (_services is { } services)
        {
            await services.DisposeAsync();
        }

        _stopping.Dispose();
    }

    // Not inlined: a reference left on the caller's stack frame would keep the code alive.
    [MethodImpl(MethodImplOptions.NoInlining)]
    public WeakReference? Unload()
    {
        (_services, _registered) = (null, null);
        if (!_isKept)
        {
            Sweep.Run(_code!);
            _code!.Unload();
            _code = null;
        }

        return _watch;
    }

    public void KeepUntilExit()
    {
        _isKept = true;
        _code?.KeepUntilExit();
    }

    private static IPlugin EntryOf(PluginLoadContext code, string path)
    {
        var plugins = code.LoadFromAssemblyPath(path).GetExportedTypes().Where(type => type.IsAssignableTo(typeof(IPlugin)) && !type.IsAbstract).ToList();
        return plugins is [var plugin]
            ? (IPlugin)Activator.CreateInstance(plugin)!
            : throw new PluginRejectedException($"{Path.GetFileName(path)} must have exactly one public class that implements IPlugin; it has {plugins.Count}");
    }
}
