using System.Runtime.CompilerServices;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>
/// Stands between a plugin's code and the kernel. What is thrown is thrown anew, as the contract's exceptions or as
/// <see cref="PluginFault"/>: an exception remembers the code that threw it and would keep it in memory. Where calls are
/// cut, whoever awaits one is let go, whether or not the plugin heeds its token; and where a call was given up, in a while.
/// </summary>
internal static class PluginGuard
{
    /// <summary>How long a call may go on in the server's process that was given up: whoever stops an answer waits no longer than 2 s.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static T Run<T>(PluginCalls calls, Func<T> call)
    {
        calls.Began();
        try
        {
            return call();
        }
        catch (Exception exception)
        {
            throw Translate(calls, exception, CancellationToken.None);
        }
    }

    /// <param name="calls">Whose code it is.</param>
    /// <param name="call">Makes the call.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <param name="patience">How long it may go on then; null: as long as others of this plugin.</param>
    public static async Task<T> RunAsync<T>(PluginCalls calls, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        calls.Began();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, calls.Cut);
        try
        {
            return calls.Patience is { } usual
                ? await RunAwayAsync(calls, () => call(either.Token), patience ?? usual, either.Token)
                : await call(either.Token).WaitAsync(calls.Cut);
        }
        catch (Exception exception)
        {
            throw Translate(calls, exception, cancellationToken);
        }
    }

    /// <param name="calls">Whose code it is.</param>
    /// <param name="call">Begins the stream.</param>
    /// <param name="each">What is done with each item before it is handed on; null: nothing.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async IAsyncEnumerable<T> StreamAsync<T>(
        PluginCalls calls, Func<CancellationToken, IAsyncEnumerable<T>> call, Action<T>? each, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        calls.Began();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, calls.Cut);
        IAsyncEnumerator<T>? items = null;
        using var wait = new CutWait(calls.Cut, calls.Patience, cancellationToken);
        Func<ValueTask<bool>> next = StepAsync;
        try
        {
            while (true)
            {
                T item;
                try
                {
                    if (!await wait.NextAsync(next))
                    {
                        yield break;
                    }

                    item = items!.Current;
                    each?.Invoke(item);
                }
                catch (Exception exception)
                {
                    throw Translate(calls, exception, cancellationToken);
                }

                yield return item;
            }
        }
        finally
        {
            await EndAsync(calls, () => items, wait);
        }

        ValueTask<bool> StepAsync()
        {
            items ??= call(either.Token).GetAsyncEnumerator(either.Token);
            return items.MoveNextAsync();
        }
    }

    // What doesn't come back is left behind: it can only be disposed once it has.
    private static async Task EndAsync<T>(PluginCalls calls, Func<IAsyncEnumerator<T>?> items, CutWait wait)
    {
        if (wait.HasLeft)
        {
            NoteLeft(calls);
            _ = wait.Left.ContinueWith(_ => items()?.DisposeAsync().AsTask(), TaskScheduler.Default);
            return;
        }

        if (items() is not { } open)
        {
            return;
        }

        try
        {
            await (calls.Patience is { } patience
                ? RunAwayAsync(calls, async () => { await open.DisposeAsync(); return true; }, patience, new CancellationToken(canceled: true))
                : open.DisposeAsync().AsTask());
        }
        catch (OperationCanceledException)
        {
            // Whoever ends a stream has of it what they wanted.
        }
        catch (Exception exception)
        {
            throw Translate(calls, exception, CancellationToken.None);
        }
    }

    // Elsewhere, since it may never come back, whether or not it awaits anything.
    private static async Task<T> RunAwayAsync<T>(PluginCalls calls, Func<Task<T>> call, TimeSpan patience, CancellationToken givenUp)
    {
        var work = Task.Run(call, CancellationToken.None);
        await ((Task)work).WaitAsync(givenUp).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!work.IsCompleted)
        {
            await ((Task)work).WaitAsync(patience, calls.Cut).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (work.IsCompleted)
        {
            return await work;
        }

        NoteLeft(calls);
        throw new OperationCanceledException();
    }

    // Where calls are cut, the plugin goes: what is left of it then is told by its state.
    private static void NoteLeft(PluginCalls calls)
    {
        if (!calls.Cut.IsCancellationRequested)
        {
            calls.LeftBehind();
        }
    }

    private static Exception Translate(PluginCalls calls, Exception exception, CancellationToken cancellationToken)
    {
        switch (exception)
        {
            case OperationCanceledException when cancellationToken.IsCancellationRequested:
                return new OperationCanceledException(cancellationToken);
            case var _ when calls.Cut.IsCancellationRequested:
                return PluginFault.Stopped(calls.PluginId);
            case ProviderException provider:
                return new ProviderException(provider.Kind, provider.ServiceMessage, provider.StatusCode, provider.RetryAfter);
            case LocalModelException local:
                return new LocalModelException(local.Kind, local.Message);
            case BlobException blob:
                return new BlobException(blob.Kind, blob.ServiceMessage);
            case PluginFault fault:
                // A process of its own has failed, and told so; or is gone, which was told when it went.
                if (fault.ExceptionType != PluginFault.ProcessEndedType)
                {
                    calls.Failed(fault.ExceptionType, fault.Detail);
                }

                return new PluginFault(calls.PluginId, fault.ExceptionType, fault.Detail);
            default:
                calls.Failed(exception);
                return new PluginFault(calls.PluginId, exception.GetType().FullName!, exception.StackTrace ?? "");
        }
    }
}
