using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace Calango.Core.Plugins;

/// <summary>
/// What was done, one file an operation, written before the first change and after each step: the history, and the
/// journal of what a crash cut off. In files beside the store, so that both are always of the same moment, and there
/// when the database is away. Thread-safe.
/// </summary>
internal sealed class OperationLog(StoreFolders folders, TimeProvider clock)
{
    private const int Kept = 500;

    private readonly ConcurrentDictionary<Guid, PluginOperation> _living = new();

    /// <summary>Raised after an operation has gone on.</summary>
    public event Action<PluginOperation>? Changed;

    /// <summary>The newest first.</summary>
    public IEnumerable<PluginOperation> All() => !Directory.Exists(folders.History) ? [] :
        Directory.GetFiles(folders.History, "*.json").OrderDescending(StringComparer.Ordinal)
            .Select(path => DurableFiles.Read(path, StoreJson.Default.PluginOperation)).OfType<PluginOperation>()
            .Select(stored => _living.GetValueOrDefault(stored.Id) ?? stored);

    public PluginOperation? Find(Guid id) => _living.GetValueOrDefault(id) ?? DurableFiles.Read(FileOf(id), StoreJson.Default.PluginOperation);

    public PluginOperation Begin(PluginOperation operation)
    {
        Directory.CreateDirectory(folders.History);
        foreach (var old in Directory.GetFiles(folders.History, "*.json").OrderDescending(StringComparer.Ordinal).Skip(Kept - 1))
        {
            File.Delete(old);
        }

        return Set(operation);
    }

    /// <summary>Takes an operation further.</summary>
    public PluginOperation Change(Guid id, Func<PluginOperation, PluginOperation> change)
    {
        lock (_living)
        {
            return Set(change(Find(id)!));
        }
    }

    public void BeginStep(Guid id, PluginOperationStepName name, string version, string? waits = null) => Change(id, operation => operation with
    {
        Steps = IndexOf(operation, name, version) is >= 0 and var index
            ? [.. operation.Steps.Select((step, at) => at == index ? step with { Reason = waits } : step)]
            : [.. operation.Steps, new PluginOperationStep(name, version, clock.GetUtcNow(), Reason: waits)],
    });

    public void EndStep(Guid id, PluginOperationStepName name, string version, PluginOutcome outcome, string? reason = null) => Change(id, operation => operation with
    {
        Steps = [.. operation.Steps.Select((step, at) => at == IndexOf(operation, name, version) ? step with { EndedAt = clock.GetUtcNow(), Outcome = outcome, Reason = reason } : step)],
    });

    public void End(Guid id, PluginOutcome outcome, PluginRefusal? failure) => Change(id, operation => operation with
    {
        EndedAt = clock.GetUtcNow(),
        Outcome = outcome,
        Failure = failure,
    });

    /// <summary>An operation as it is, and again each time that it has gone on, until nothing more will be told of it.</summary>
    public async IAsyncEnumerable<PluginOperation> FollowAsync(Guid id, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var news = Channel.CreateUnbounded<bool>();
        void Tell(PluginOperation operation)
        {
            if (operation.Id == id)
            {
                news.Writer.TryWrite(true);
            }
        }

        Changed += Tell;
        try
        {
            while (Find(id) is { } operation)
            {
                yield return operation;
                if (operation.IsOver)
                {
                    yield break;
                }

                await news.Reader.ReadAsync(cancellationToken);
            }
        }
        finally
        {
            Changed -= Tell;
        }
    }

    private static int IndexOf(PluginOperation operation, PluginOperationStepName name, string version)
    {
        for (var index = operation.Steps.Count - 1; index >= 0; index--)
        {
            if (operation.Steps[index] is { Outcome: PluginOutcome.Running } step && step.Name == name && step.Version == version)
            {
                return index;
            }
        }

        return -1;
    }

    private PluginOperation Set(PluginOperation operation)
    {
        DurableFiles.Write(FileOf(operation.Id), operation, StoreJson.Default.PluginOperation);
        if (operation.IsOver)
        {
            _living.TryRemove(operation.Id, out _);
        }
        else
        {
            _living[operation.Id] = operation;
        }

        Changed?.Invoke(operation);
        return operation;
    }

    private string FileOf(Guid id) => Path.Combine(folders.History, $"{id:N}.json");
}
