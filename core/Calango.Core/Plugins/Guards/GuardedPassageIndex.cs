using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>A plugin's index of passages behind the guard. What it says is copied: it may be of types of its own.</summary>
internal sealed class GuardedPassageIndex(PluginCalls calls, string name, IPassageIndex index) : IPassageIndex
{
    public PassageIndexInfo Info { get; } = new(calls.PluginId, name, [.. index.Settings.Select(field => field with { Choices = [.. field.Choices] })]);

    public IReadOnlyList<SettingField> Settings => Info.Settings;

    public Task CheckAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        RunAsync(token => index.CheckAsync(settings, token), cancellationToken);

    public Task EnsureAsync(IndexSpace space, SettingsValues settings, CancellationToken cancellationToken) =>
        RunAsync(token => index.EnsureAsync(space, settings, token), cancellationToken);

    public Task UpsertAsync(IndexSpace space, IReadOnlyList<IndexVector> vectors, SettingsValues settings, CancellationToken cancellationToken) =>
        RunAsync(token => index.UpsertAsync(space, vectors, settings, token), cancellationToken);

    public Task DeleteAsync(IndexSpace space, IReadOnlyList<Guid> editions, SettingsValues settings, CancellationToken cancellationToken) =>
        RunAsync(token => index.DeleteAsync(space, editions, settings, token), cancellationToken);

    public Task<IReadOnlyList<NearPassage>?> SearchAsync(IndexSpace space, IndexQuery query, SettingsValues settings, CancellationToken cancellationToken) =>
        PluginGuard.RunAsync<IReadOnlyList<NearPassage>?>(calls, async token => await index.SearchAsync(space, query, settings, token) is { } near ? [.. near] : null, cancellationToken);

    private Task RunAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken) => PluginGuard.RunAsync(
        calls,
        async token =>
        {
            await call(token);
            return true;
        },
        cancellationToken);
}
