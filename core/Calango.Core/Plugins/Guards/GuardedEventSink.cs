using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>A plugin's sink behind the guard.</summary>
internal sealed class GuardedEventSink(PluginManifest manifest, IEventSink sink)
{
    public SinkInfo Info { get; } = new(manifest.Id, manifest.Name, [.. sink.Settings.Select(field => field with { Choices = [.. field.Choices] })]);

    public Task SendAsync(IReadOnlyList<ModelEvent> events, SettingsValues settings, CancellationToken cancellationToken) => PluginGuard.RunAsync(
        manifest.Id, async () => { await sink.SendAsync(events, settings, cancellationToken); return true; }, cancellationToken);
}
