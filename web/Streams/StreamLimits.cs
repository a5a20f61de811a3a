using Calango.Core.Identity;
using Calango.Web.Hosting;
using Calango.Web.Text;

namespace Calango.Web.Streams;

/// <summary>How long a stream may go on: until its reader goes or is signed out, or the server goes. Thread-safe.</summary>
internal sealed class StreamLimits(Drain drain, SessionEnds ends)
{
    /// <summary>The limit of the stream that answers a request.</summary>
    public Limit Of(HttpContext context) =>
        new(context, drain, context.RequestServices.GetRequiredService<Viewer>().SessionId is { } session ? ends.Of(session) : null);

    internal sealed class Limit(HttpContext context, Drain drain, SessionEnds.Watched? session) : IDisposable
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
        }
    }
}
