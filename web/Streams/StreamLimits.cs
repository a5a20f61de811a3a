using System.Globalization;
using System.Runtime.InteropServices;
using Calango.Core.Errors;
using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Text;

namespace Calango.Web.Streams;

/// <summary>How long a stream may go on, and how many one person may have at once. Thread-safe.</summary>
internal sealed class StreamLimits(Drain drain, SessionEnds ends)
{
    /// <summary>How many one person may have at once on this replica: more tabs than anybody reads, and far fewer than it can serve.</summary>
    public const int MostPerPerson = 100;

    private readonly Dictionary<Guid, int> _open = [];

    /// <summary>The limit of the stream that answers a request: it ends when its reader goes or is signed out, or the server goes.</summary>
    /// <exception cref="RejectedException">Its reader has as many as one person may have. On a laptop one may have any number.</exception>
    public Limit Of(HttpContext context)
    {
        var viewer = context.RequestServices.GetRequiredService<Viewer>();
        return viewer.SessionId is { } session ? new Limit(context, drain, Enter(viewer.AccountId), ends.Of(session, viewer.Grants)) : new Limit(context, drain, place: null, session: null);
    }

    private Place Enter(Guid account)
    {
        lock (_open)
        {
            ref var open = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, account, out _);
            if (open == MostPerPerson)
            {
                throw new RejectedException("streams.tooMany", ("limit", MostPerPerson.ToString(CultureInfo.InvariantCulture)));
            }

            open++;
        }

        return new Place(this, account);
    }

    private void Leave(Guid account)
    {
        lock (_open)
        {
            if (--CollectionsMarshal.GetValueRefOrNullRef(_open, account) == 0)
            {
                _open.Remove(account);
            }
        }
    }

    internal sealed class Limit(HttpContext context, Drain drain, Place? place, SessionEnds.Watched? session) : IDisposable
    {
        private readonly CancellationTokenSource _source = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, drain.Ended, session?.Ended ?? CancellationToken.None);

        public CancellationToken Token => _source.Token;

        /// <summary>What a reader who is still there is told once it is over: that the server goes, or that they are out; null: it is not, or they have gone.</summary>
        public int? EndStatus => !_source.IsCancellationRequested || context.RequestAborted.IsCancellationRequested ? null
            : drain.Ended.IsCancellationRequested ? StatusCodes.Status503ServiceUnavailable
            : StatusCodes.Status401Unauthorized;

        public void Dispose()
        {
            _source.Dispose();
            session?.Dispose();
            place?.Dispose();
        }
    }

    internal sealed class Place(StreamLimits limits, Guid account) : IDisposable
    {
        public void Dispose() => limits.Leave(account);
    }
}
