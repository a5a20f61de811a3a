using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.Loader;

namespace Calango.Core.Plugins;

/// <summary>
/// What a plugin's code throws on a thread of its own, or out of an <c>async void</c>, would end the process. It ends the
/// plugin's good name instead. Whatever else nobody handles ends the process as ever: its state is not to be trusted.
/// </summary>
internal static class PluginCrashes
{
    private static int _isWatching;
    private static int _hasRunOut;

    // Let go of where no memory is left: what must be done then needs some, and would itself end the process without.
    private static byte[]? _reserve = new byte[2 * 1024 * 1024];

    /// <summary>Told whose code it is for which no memory is left, the first time in this process, whether or not it goes on without.</summary>
    public static event Action<PluginLoadContext>? RanOut;

    /// <summary>From now on, in this process. The runtime takes one handler and never gives it back.</summary>
    public static void Watch()
    {
        if (Interlocked.Exchange(ref _isWatching, 1) == 0)
        {
            ExceptionHandling.SetUnhandledExceptionHandler(TryBlame);
            AppDomain.CurrentDomain.FirstChanceException += (_, thrown) => Note(thrown.Exception);
        }
    }

    /// <summary>Notes an exception with the plugin that it comes from. False: it comes from none.</summary>
    internal static bool TryBlame(Exception exception)
    {
        if (CodeOf(exception) is not { } code)
        {
            return false;
        }

        code.Calls.FailedUnhandled(exception);
        return true;
    }

    private static void Note(Exception exception)
    {
        if (exception is not OutOfMemoryException || RanOut is not { } told || Interlocked.Exchange(ref _hasRunOut, 1) == 1)
        {
            return;
        }

        _reserve = null;
        try
        {
            if (CodeIn(new StackTrace()) is { } code)
            {
                told(code);
            }
        }
        catch (Exception failure) when (failure is OutOfMemoryException or IOException or UnauthorizedAccessException or PluginRejectedException)
        {
            // There is no memory, not even for this.
        }
    }

    private static PluginLoadContext? CodeIn(StackTrace stack) =>
        stack.GetFrames().Select(frame => frame.GetMethod()?.DeclaringType).OfType<Type>().Select(CodeOf).FirstOrDefault(code => code is not null);

    private static PluginLoadContext? CodeOf(Type type) => AssemblyLoadContext.GetLoadContext(type.Assembly) as PluginLoadContext;

    private static PluginLoadContext? CodeOf(Exception exception) =>
        CodeIn(new StackTrace(exception)) ?? CodeOf(exception.GetType())
        ?? (exception is AggregateException several ? several.InnerExceptions : exception.InnerException is { } inner ? [inner] : Enumerable.Empty<Exception>())
            .Select(CodeOf).FirstOrDefault(code => code is not null);
}
