using System.Runtime.CompilerServices;
using Calango.Sdk;

namespace Calango.Core.Plugins;

/// <summary>
/// Stands between a plugin's code and the kernel. What is thrown is thrown anew, as the contract's exceptions or as
/// <see cref="PluginFault"/>: an exception remembers the code that threw it and would keep it in memory.
/// </summary>
internal static class PluginGuard
{
    public static T Run<T>(string pluginId, Func<T> call)
    {
        try
        {
            return call();
        }
        catch (Exception exception)
        {
            throw Translate(pluginId, exception, CancellationToken.None);
        }
    }

    public static async Task<T> RunAsync<T>(string pluginId, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call();
        }
        catch (Exception exception)
        {
            throw Translate(pluginId, exception, cancellationToken);
        }
    }

    public static async IAsyncEnumerable<T> StreamAsync<T>(
        string pluginId, Func<CancellationToken, IAsyncEnumerable<T>> call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var items = Run(pluginId, () => call(cancellationToken).GetAsyncEnumerator(cancellationToken));
        while (true)
        {
            try
            {
                if (!await items.MoveNextAsync())
                {
                    yield break;
                }
            }
            catch (Exception exception)
            {
                throw Translate(pluginId, exception, cancellationToken);
            }

            yield return items.Current;
        }
    }

    private static Exception Translate(string pluginId, Exception exception, CancellationToken cancellationToken) => exception switch
    {
        OperationCanceledException when cancellationToken.IsCancellationRequested => new OperationCanceledException(cancellationToken),
        ProviderException provider => new ProviderException(provider.Kind, provider.ServiceMessage, provider.StatusCode, provider.RetryAfter),
        LocalModelException local => new LocalModelException(local.Kind, local.Message),
        _ => new PluginFault(pluginId, exception.GetType().FullName!, exception.StackTrace ?? ""),
    };
}
