using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>An index of passages that a plugin's process has.</summary>
internal sealed class RemotePassageIndex(IsolatedCode code, PassageIndexInfo info) : IPassageIndex
{
    public IReadOnlyList<SettingField> Settings => info.Settings;

    public Task CheckAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        CallAsync(WireMethod.CheckIndex, new CheckIndexMessage(settings.ToMessage()), settings, cancellationToken);

    public Task EnsureAsync(IndexSpace space, SettingsValues settings, CancellationToken cancellationToken) =>
        CallAsync(WireMethod.EnsureSpace, new EnsureSpaceMessage(space, settings.ToMessage()), settings, cancellationToken);

    public Task UpsertAsync(IndexSpace space, IReadOnlyList<IndexVector> vectors, SettingsValues settings, CancellationToken cancellationToken) =>
        CallAsync(WireMethod.UpsertVectors, new UpsertVectorsMessage(space, vectors, settings.ToMessage()), settings, cancellationToken);

    public Task DeleteAsync(IndexSpace space, IReadOnlyList<Guid> editions, SettingsValues settings, CancellationToken cancellationToken) =>
        CallAsync(WireMethod.DeleteVectors, new DeleteVectorsMessage(space, editions, settings.ToMessage()), settings, cancellationToken);

    public async Task<IReadOnlyList<NearPassage>?> SearchAsync(IndexSpace space, IndexQuery query, SettingsValues settings, CancellationToken cancellationToken) =>
        WireJson.Read<NearPassagesMessage>(await CallAsync(WireMethod.SearchIndex, new SearchIndexMessage(space, query, settings.ToMessage()), settings, cancellationToken)).Passages;

    private Task<byte[]> CallAsync<T>(WireMethod method, T message, SettingsValues settings, CancellationToken cancellationToken)
    {
        code.Grants.Learn(settings);
        return code.CallAsync(method, WireJson.Write(message), cancellationToken);
    }
}
