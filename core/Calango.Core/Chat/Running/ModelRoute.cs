using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Core.Chat;

/// <summary>
/// Whom a turn asks, one after another, until a first token comes: the model at the connections that share it, again
/// where that may pass by itself, and then the models that the person named for this case, once each.
/// </summary>
/// <param name="sharers">The model at its connections, the least busy first.</param>
/// <param name="fallbacks">The other models; asked for only when the first fails.</param>
internal sealed class ModelRoute(IReadOnlyList<ModelRef> sharers, Func<Task<IReadOnlyList<ModelRef>>> fallbacks)
{
    private Queue<ModelRef>? _others;
    private int _asked = 1;

    /// <summary>Whom to ask now.</summary>
    public ModelRef Current { get; private set; } = sharers[0];

    /// <summary>It is another model than the one that was wanted.</summary>
    public bool IsFallback { get; private set; }

    /// <summary>Goes on after a failure. Returns how long to wait before; null: there is nobody left to ask.</summary>
    public async Task<TimeSpan?> MoveOnAsync(Exception failure)
    {
        if (!IsFallback && NextWait(failure) is { } wait)
        {
            Current = sharers[_asked++ % sharers.Count];
            return wait;
        }

        if (!MayHelp(failure))
        {
            return null;
        }

        _others ??= new Queue<ModelRef>((await fallbacks()).Where(model => !sharers.Contains(model)));
        if (!_others.TryDequeue(out var other))
        {
            return null;
        }

        (Current, IsFallback) = (other, true);
        return TimeSpan.Zero;
    }

    // Somebody who wasn't asked yet need not be waited for.
    private TimeSpan? NextWait(Exception failure) =>
        _asked < sharers.Count && IsOfConnection(failure) ? TimeSpan.Zero
        : failure is ProviderException provider ? RetryPolicy.WaitBefore(_asked + 1, provider)
        : null;

    private static bool IsOfConnection(Exception failure) =>
        failure is ConnectionPausedException or PluginFault
        || (failure is ProviderException { Kind: not (ProviderErrorKind.ContentRefused or ProviderErrorKind.InvalidRequest or ProviderErrorKind.ContextTooLong) });

    // What one service refuses for its content is not carried to the next.
    private static bool MayHelp(Exception failure) =>
        failure is ConnectionPausedException or PluginFault or ProviderException { Kind: not ProviderErrorKind.ContentRefused };
}
