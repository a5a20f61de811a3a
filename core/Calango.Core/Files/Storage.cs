using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Files;

/// <summary>Where files are kept, for whoever administers it: which place counts, and the way to another. Thread-safe.</summary>
public sealed class Storage
{
    private static readonly TimeSpan LongestTest = TimeSpan.FromSeconds(20);

    private readonly BlobPlaces _places;
    private readonly BlobMoves _moves;
    private readonly PluginHost _plugins;
    private readonly TimeProvider _clock;

    internal Storage(BlobPlaces places, BlobMoves moves, PluginHost plugins, TimeProvider clock) =>
        (_places, _moves, _plugins, _clock) = (places, moves, plugins, clock);

    /// <summary>The stores that are installed.</summary>
    public IReadOnlyList<BlobStoreInfo> Stores => _plugins.BlobStores;

    /// <summary>The places that have something.</summary>
    public async Task<IReadOnlyList<BlobPlace>> PlacesAsync(CancellationToken cancellationToken) =>
        [.. (await _places.ReadAsync(cancellationToken)).Where(place => place.Role != BlobPlaceRole.Empty).OrderBy(place => place.Role)];

    /// <summary>The last move; null: there was none.</summary>
    public Task<BlobMove?> LastMoveAsync(CancellationToken cancellationToken) => _moves.LastAsync(cancellationToken);

    /// <summary>A move; null: there is none with this id.</summary>
    public Task<BlobMove?> FindMoveAsync(Guid id, CancellationToken cancellationToken) => _moves.FindAsync(id, cancellationToken);

    /// <summary>A move as it is, and again each time that it has gone on, until it has ended.</summary>
    public IAsyncEnumerable<BlobMove> FollowAsync(Guid id, CancellationToken cancellationToken) => _moves.FollowAsync(id, cancellationToken);

    /// <summary>A store that is installed.</summary>
    /// <exception cref="NotFoundException">There is none of this plugin.</exception>
    public BlobStoreInfo Find(string pluginId) => Stores.FirstOrDefault(store => store.PluginId == pluginId) ?? throw new NotFoundException();

    /// <summary>Puts something there with what was entered, reads it, lists it and deletes it. Returns what exactly is wrong; null: all is well.</summary>
    /// <exception cref="InvalidInputException">A value was refused; nothing was sent.</exception>
    /// <exception cref="NotFoundException">There is no such store.</exception>
    public async Task<Failure?> TestAsync(string pluginId, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken) =>
        await TryAsync(await EnteredAsync(pluginId, values, cancellationToken), cancellationToken);

    /// <summary>Begins to move all files to a place, after it was tried. Returns what is wrong with it, and then nothing has changed; null: it has begun.</summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    /// <exception cref="NotFoundException">There is no such store.</exception>
    /// <exception cref="RejectedException">Another move runs, or they are there already.</exception>
    public async Task<Failure?> MoveAsync(string pluginId, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken)
    {
        var target = await EnteredAsync(pluginId, values, cancellationToken);
        var active = (await _places.ReadAsync(cancellationToken)).Single(place => place.Role == BlobPlaceRole.Active);
        if (target.Id == active.Id)
        {
            throw new RejectedException("storage.same");
        }

        if (await TryAsync(target, cancellationToken) is { } failure)
        {
            return failure;
        }

        target.Role = BlobPlaceRole.Target;
        return await _moves.AddAsync(BlobMoveState.Copying, active.Id, target.Id, target, cancellationToken) is null ? throw new RejectedException("storage.busy") : null;
    }

    /// <summary>Begins to remove the copies from a place that counts no more.</summary>
    /// <exception cref="NotFoundException">It has none.</exception>
    /// <exception cref="RejectedException">A move runs.</exception>
    public async Task RemoveCopiesAsync(Guid placeId, CancellationToken cancellationToken)
    {
        var all = await _places.ReadAsync(cancellationToken);
        if (!all.Any(place => place.Id == placeId && place.Role == BlobPlaceRole.Former))
        {
            throw new NotFoundException();
        }

        var active = all.Single(place => place.Role == BlobPlaceRole.Active);
        _ = await _moves.AddAsync(BlobMoveState.Removing, placeId, active.Id, null, cancellationToken) ?? throw new RejectedException("storage.busy");
    }

    /// <summary>The place that was set up last with a store: a form begins with what it has; null: none was.</summary>
    public async Task<BlobPlace?> LastPlaceAsync(string pluginId, CancellationToken cancellationToken) =>
        (await _places.ListAsync(cancellationToken)).Where(place => place.PluginId == pluginId).MaxBy(place => place.Id);

    // The place of these settings, if there was one; else a new one, which has what is secret from the one before.
    private async Task<BlobPlace> EnteredAsync(string pluginId, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken)
    {
        var store = Find(pluginId);
        var last = await LastPlaceAsync(pluginId, cancellationToken);
        var errors = new Dictionary<string, string>();
        var settings = SettingsCheck.Check(store.Settings, values, last?.Stored, errors);
        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }

        var same = (await _places.ListAsync(cancellationToken)).FirstOrDefault(place => place.IsAt(pluginId, settings.Settings));
        var id = same?.Id ?? Guid.CreateVersion7(_clock.GetUtcNow());
        return new BlobPlace
        {
            Id = id,
            PluginId = pluginId,
            Settings = settings.Settings,
            ProtectedSecrets = _places.Protect(id, settings, last),
        };
    }

    private async Task<Failure?> TryAsync(BlobPlace place, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestTest, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var token = either.Token;
            await Task.Run(() => _places.UseAsync(place, (store, settings) => ProbeAsync(store, settings, token)), token).WaitAsync(token);
            return null;
        }
        catch (BlobException exception)
        {
            return BlobFailures.Of(exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return BlobFailures.Of(new BlobException(BlobErrorKind.Unreachable));
        }
    }

    private static async Task<bool> ProbeAsync(GuardedBlobStore store, SettingsValues settings, CancellationToken cancellationToken)
    {
        var key = $"probe/{Guid.CreateVersion7():N}";
        await store.ListAsync("probe/", null, settings, cancellationToken);
        var put = await store.PutAsync(key, new MemoryStream("calango"u8.ToArray()), "text/plain", settings, cancellationToken);
        var found = await store.FindAsync(key, settings, cancellationToken);
        await store.DeleteAsync(key, settings, cancellationToken);
        return found?.Sha256 == put.Sha256 ? true : throw new BlobException(BlobErrorKind.Damaged);
    }
}
