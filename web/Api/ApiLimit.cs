using System.Threading.RateLimiting;
using Calango.Web.Identity;
using Microsoft.Net.Http.Headers;

namespace Calango.Web.Api;

/// <summary>How often programs may ask: each token, and each address, whose tokens may be made up.</summary>
internal static class ApiLimit
{
    private static readonly TokenBucketRateLimiterOptions OfToken = Bucket(burst: 120, aSecond: 10);
    private static readonly TokenBucketRateLimiterOptions OfAddress = Bucket(burst: 600, aSecond: 50);

    /// <summary>Limits what goes to the API; all else it lets pass.</summary>
    public static PartitionedRateLimiter<HttpContext> Limiter() => PartitionedRateLimiter.CreateChained(
        PartitionedRateLimiter.Create<HttpContext, string>(context => Limit(context, SignInLimit.Network(context.Connection.RemoteIpAddress), OfAddress)),
        PartitionedRateLimiter.Create<HttpContext, string>(context => Limit(context, context.Request.Headers[HeaderNames.Authorization].ToString(), OfToken)));

    private static RateLimitPartition<string> Limit(HttpContext context, string key, TokenBucketRateLimiterOptions bucket) =>
        ApiRoutes.Has(context.Request.Path) ? RateLimitPartition.GetTokenBucketLimiter(key, _ => bucket) : RateLimitPartition.GetNoLimiter("");

    private static TokenBucketRateLimiterOptions Bucket(int burst, int aSecond) => new()
    {
        TokenLimit = burst,
        TokensPerPeriod = aSecond,
        ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        AutoReplenishment = true,
        QueueLimit = 0,
    };
}
