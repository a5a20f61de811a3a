using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>A plugin's sink behind the guard.</summary>
internal sealed class GuardedEventSink(PluginCalls calls, string name, IEventSink sink)
{
    public SinkInfo Info { get; } = new(calls.PluginId, name, [.. sink.Settings.Select(field => field with { Choices = [.. field.Choices] })]);

    public Task SendAsync(IReadOnlyList<ModelEvent> events, SettingsValues settings, CancellationToken cancellationToken) => PluginGuard.RunAsync(
        calls, async token => { await sink.SendAsync(events, settings, token); return true; }, cancellationToken);
}
