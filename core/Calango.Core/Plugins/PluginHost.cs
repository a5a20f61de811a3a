namespace Calango.Core.Plugins;

/// <summary>Loads the plugins and keeps them. Thread-safe.</summary>
public sealed class PluginHost : IAsyncDisposable
{
    /// <summary>Loads each plugin of the plugins folder, all at once. One that fails is recorded and stops nothing. Called once, before the server serves.</summary>
    public Task StartAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
