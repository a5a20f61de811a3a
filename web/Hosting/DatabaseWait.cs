using Calango.Core.Data;

namespace Calango.Web.Hosting;

/// <summary>For the start of a server whose database was there a moment ago, and may go away again in the middle of it.</summary>
internal static class DatabaseWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Does what needs the database, again and again until it is there.</summary>
    public static async Task<T> OutlastAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await work();
            }
            catch (Exception failure) when (failure.Is<DatabaseUnavailableException>())
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    /// <summary>Whether a failure is of a kind, or comes from one of it.</summary>
    public static bool Is<TException>(this Exception failure) where TException : Exception => failure is TException || failure.InnerException?.Is<TException>() == true;
}
