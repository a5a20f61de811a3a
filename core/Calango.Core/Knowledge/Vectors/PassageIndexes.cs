using Calango.Core.Data;
using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Knowledge;

/// <summary>Where passages are found by their meaning, for whoever administers it: which index answers, and the way to another. Thread-safe.</summary>
public sealed class PassageIndexes
{
    private static readonly TimeSpan LongestTest = TimeSpan.FromSeconds(20);

    private readonly IndexPlaces _places;
    private readonly PostgresIndex _postgres;
    private readonly IndexedEditions _editions;
    private readonly IndexBell _bell;
    private readonly PluginHost _plugins;
    private readonly Database _database;
    private readonly TimeProvider _clock;

    internal PassageIndexes(IndexPlaces places, PostgresIndex postgres, IndexedEditions editions, IndexBell bell, PluginHost plugins, Database database, TimeProvider clock) =>
        (_places, _postgres, _editions, _bell, _plugins, _database, _clock) = (places, postgres, editions, bell, plugins, database, clock);

    /// <summary>The indexes that plugins bring.</summary>
    public IReadOnlyList<PassageIndexInfo> Installed => _plugins.PassageIndexes;

    /// <summary>Whether the database can be one: it is PostgreSQL, and pgvector is there.</summary>
    public Task<bool> IsDatabasePossibleAsync(CancellationToken cancellationToken) => _postgres.IsPossibleAsync(cancellationToken);

    /// <summary>An index that a plugin brings.</summary>
    /// <exception cref="NotFoundException">There is none of this plugin.</exception>
    public PassageIndexInfo Find(string pluginId) => Installed.FirstOrDefault(index => index.PluginId == pluginId) ?? throw new NotFoundException();

    /// <summary>The places that have something or get it, the one that answers first, each with how far it is.</summary>
    public async Task<IReadOnlyList<(IndexPlace Place, IndexProgress Progress)>> PlacesAsync(CancellationToken cancellationToken)
    {
        var places = new List<(IndexPlace, IndexProgress)>();
        foreach (var place in (await _places.ReadAsync(cancellationToken)).Where(place => place.Role != IndexRole.Going))
        {
            var progress = await _editions.ProgressAsync(place.Id, null, cancellationToken);
            // It reads what it lacks when somebody asks.
            places.Add((place, place.Kind == IndexKind.Memory ? progress with { Missing = 0 } : progress));
        }

        return places;
    }

    /// <summary>How many documents of a collection the index that answers does not have yet.</summary>
    public async Task<int> MissingAsync(Guid collectionId, CancellationToken cancellationToken) =>
        await _places.InForceAsync(cancellationToken) is { Kind: not IndexKind.Memory } place ? (await _editions.ProgressAsync(place.Id, collectionId, cancellationToken)).Missing : 0;

    /// <summary>The place that was set up last with a plugin: a form begins with what it has; null: none was.</summary>
    public async Task<IndexPlace?> LastPlaceAsync(string pluginId, CancellationToken cancellationToken) =>
        (await _places.ReadAsync(cancellationToken)).Where(place => place.PluginId == pluginId).MaxBy(place => place.Id);

    /// <summary>Asks an index whether it can be worked with. Returns what exactly is wrong; null: all is well.</summary>
    /// <exception cref="InvalidInputException">A value was refused; nothing was sent.</exception>
    /// <exception cref="NotFoundException">There is no such plugin.</exception>
    public async Task<Failure?> TestAsync(string pluginId, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken) =>
        await TryAsync(await EnteredAsync(pluginId, values, cancellationToken), cancellationToken);

    /// <summary>
    /// Chooses the index of a plugin, after it was tried: it is filled in the background, and answers once it is whole. Returns what is
    /// wrong with it, and then nothing has changed; null: it has begun.
    /// </summary>
    /// <exception cref="InvalidInputException">A value was refused.</exception>
    /// <exception cref="NotFoundException">There is no such plugin.</exception>
    public async Task<Failure?> ChooseAsync(string pluginId, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken)
    {
        var place = await EnteredAsync(pluginId, values, cancellationToken);
        if (await TryAsync(place, cancellationToken) is { } failure)
        {
            return failure;
        }

        await TakeAsync(place, cancellationToken);
        return null;
    }

    /// <summary>Chooses the database itself: it is filled in the background, and answers once it is whole.</summary>
    /// <exception cref="RejectedException"><c>index.noExtension</c>: it cannot be one.</exception>
    public async Task ChooseDatabaseAsync(CancellationToken cancellationToken)
    {
        if (!await IsDatabasePossibleAsync(cancellationToken))
        {
            throw new RejectedException("index.noExtension");
        }

        if (!(await _places.ReadAsync(cancellationToken)).Any(place => place is { Kind: IndexKind.Database, Role: not IndexRole.Going }))
        {
            await TakeAsync(new IndexPlace { Id = Guid.CreateVersion7(_clock.GetUtcNow()), Kind = IndexKind.Database, Role = IndexRole.Coming }, cancellationToken);
        }
    }

    /// <summary>Chooses the memory of each process, which answers at once.</summary>
    public Task ChooseMemoryAsync(CancellationToken cancellationToken) =>
        TakeAsync(new IndexPlace { Id = IndexPlace.MemoryId, Kind = IndexKind.Memory, Role = IndexRole.InForce }, cancellationToken);

    /// <summary>Gives up to fill the one that was chosen last; the one that answers stays.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _database.WriteAsync(db => GoAsync(db, IndexRole.Coming, cancellationToken), cancellationToken);
        Changed();
    }

    /// <summary>Has the one that answers given all vectors once more; it answers meanwhile.</summary>
    public async Task BuildAgainAsync(CancellationToken cancellationToken)
    {
        await _editions.AgainAsync((await _places.ReadAsync(cancellationToken))[0].Id, cancellationToken);
        Changed();
    }

    private async Task TakeAsync(IndexPlace place, CancellationToken cancellationToken)
    {
        await _database.WriteAsync(
            async db =>
            {
                // Whatever was coming does not come any more.
                await db.Set<IndexPlace>().Where(row => row.Id != place.Id && row.Role == IndexRole.Coming).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, IndexRole.Going), cancellationToken);
                if (place.Role == IndexRole.InForce)
                {
                    await db.Set<IndexPlace>().Where(row => row.Id != place.Id && row.Role == IndexRole.InForce).ExecuteUpdateAsync(set => set.SetProperty(row => row.Role, IndexRole.Going), cancellationToken);
                }

                if (await db.Set<IndexPlace>().AsNoTracking().AnyAsync(row => row.Id == place.Id, cancellationToken))
                {
                    db.Update(place);
                }
                else
                {
                    db.Add(place);
                }

                await db.SaveChangesAsync(cancellationToken);
            },
            cancellationToken);
        Changed();
    }

    private void Changed()
    {
        _places.Drop();
        _bell.Ring();
    }

    // The place of these settings, if there is one; else a new one, which has what is secret from the one before.
    private async Task<IndexPlace> EnteredAsync(string pluginId, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken)
    {
        var index = Find(pluginId);
        var last = await LastPlaceAsync(pluginId, cancellationToken);
        var errors = new Dictionary<string, string>();
        var settings = SettingsCheck.Check(index.Settings, values, last?.Stored, errors);
        if (errors.Count > 0)
        {
            throw new InvalidInputException(errors);
        }

        var same = (await _places.ReadAsync(cancellationToken)).FirstOrDefault(place => place.Role != IndexRole.Going && place.IsAt(IndexKind.Plugin, pluginId, settings.Settings));
        return new IndexPlace
        {
            Id = same?.Id ?? Guid.CreateVersion7(_clock.GetUtcNow()),
            Kind = IndexKind.Plugin,
            PluginId = pluginId,
            Role = same?.Role ?? IndexRole.Coming,
            Settings = settings.Settings,
            ProtectedSecrets = _places.Protect(pluginId, settings, last),
        };
    }

    private async Task<Failure?> TryAsync(IndexPlace place, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(LongestTest, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await _places.UseAsync(place, async (index, settings) =>
            {
                await index.CheckAsync(settings, either.Token);
                return true;
            }).WaitAsync(either.Token);
            return null;
        }
        catch (ProviderException exception)
        {
            return IndexFailures.Of(exception);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return IndexFailures.Of(new ProviderException(ProviderErrorKind.TimedOut));
        }
    }

    private static Task GoAsync(CalangoDb db, IndexRole role, CancellationToken cancellationToken) =>
        db.Set<IndexPlace>().Where(place => place.Role == role).ExecuteUpdateAsync(set => set.SetProperty(place => place.Role, IndexRole.Going), cancellationToken);
}
