using System.Runtime.CompilerServices;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>
/// Stands between a plugin's code and the kernel. What is thrown is thrown anew, as the contract's exceptions or as
/// <see cref="PluginFault"/>: an exception remembers the code that threw it and would keep it in memory. Where calls are
/// cut, whoever awaits one is let go, whether or not the plugin heeds its token.
/// </summary>
internal static class PluginGuard
{
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

    public static async Task<T> RunAsync<T>(PluginCalls calls, Func<CancellationToken, Task<T>> call, CancellationToken cancellationToken)
    {
        calls.Began();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, calls.Cut);
        try
        {
            return await call(either.Token).WaitAsync(calls.Cut);
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
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, calls.Cut);
        using var wait = new CutWait(calls.Cut);
        var items = Run(calls, () => call(either.Token).GetAsyncEnumerator(either.Token));
        try
        {
            while (true)
            {
                T item;
                try
                {
                    if (!await wait.WaitAsync(items.MoveNextAsync()))
                    {
                        yield break;
                    }

                    item = items.Current;
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
            await EndAsync(calls, items, wait);
        }
    }

    // What doesn't come back is left behind: it can only be disposed once it has.
    private static async Task EndAsync<T>(PluginCalls calls, IAsyncEnumerator<T> items, CutWait wait)
    {
        if (wait.HasLeft)
        {
            _ = wait.Left.ContinueWith(_ => items.DisposeAsync().AsTask(), TaskScheduler.Default);
            return;
        }

        try
        {
            await items.DisposeAsync();
        }
        catch (Exception exception)
        {
            throw Translate(calls, exception, CancellationToken.None);
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
