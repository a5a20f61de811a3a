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

    public static async IAsyncEnumerable<T> StreamAsync<T>(
        PluginCalls calls, Func<CancellationToken, IAsyncEnumerable<T>> call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, calls.Cut);
        var items = Run(calls, () => call(either.Token).GetAsyncEnumerator(either.Token));
        Task<bool>? next = null;
        try
        {
            while (true)
            {
                try
                {
                    var step = items.MoveNextAsync();
                    if (!(step.IsCompleted ? await step : await (next = step.AsTask()).WaitAsync(calls.Cut)))
                    {
                        yield break;
                    }
                }
                catch (Exception exception)
                {
                    throw Translate(calls, exception, cancellationToken);
                }

                yield return items.Current;
            }
        }
        finally
        {
            await EndAsync(calls, items, next);
        }
    }

    // What doesn't come back is left behind: it can only be disposed once it has.
    private static async Task EndAsync<T>(PluginCalls calls, IAsyncEnumerator<T> items, Task<bool>? last)
    {
        if (last is { IsCompleted: false })
        {
            _ = last.ContinueWith(ended => { _ = ended.Exception; return items.DisposeAsync().AsTask(); }, TaskScheduler.Default);
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
            default:
                var type = exception.GetType().FullName!;
                calls.Failed(type);
                return new PluginFault(calls.PluginId, type, exception.StackTrace ?? "");
        }
    }
}
