using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>A sink that a plugin's process has.</summary>
internal sealed class RemoteSink(IsolatedCode code, SinkInfo info) : IEventSink
{
    public IReadOnlyList<SettingField> Settings => info.Settings;

    public Task SendAsync(IReadOnlyList<ModelEvent> events, SettingsValues settings, CancellationToken cancellationToken)
    {
        code.Grants.Learn(settings);
        return code.CallAsync(WireMethod.SendEvents, WireJson.Write(new SendEventsMessage(events, settings.ToMessage())), cancellationToken);
    }
}
