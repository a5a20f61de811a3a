using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;

namespace Calango.Web.Identity;

/// <summary>How often an address may try to sign in: a burst, then once each few seconds.</summary>
internal static class SignInLimit
{
    /// <summary>The policy's name.</summary>
    public const string Policy = "sign-in";

    /// <summary>The policy of the page of passkeys, which asks a browser before it answers.</summary>
    public const string Passkeys = "passkeys";

    /// <summary>The policy of pages that lead to a provider of logins and back, which browsers only get.</summary>
    public const string Logins = "logins";

    /// <summary>The policy of what providers say themselves: all people of one may be logged out at once.</summary>
    public const string Logouts = "logouts";

    /// <summary>The policy of chats that somebody shares: their passwords are guessed no faster than others, and anybody may read them.</summary>
    public const string Shares = "shares";

    private static readonly TokenBucketRateLimiterOptions Bucket = Of(burst: 20, TimeSpan.FromSeconds(6));

    private static readonly TokenBucketRateLimiterOptions ReadBucket = Of(burst: 120, TimeSpan.FromMilliseconds(500));

    private static readonly TokenBucketRateLimiterOptions LogoutBucket = Of(burst: 1_000, TimeSpan.FromMilliseconds(50));

    public static IServiceCollection AddSignInLimit(this IServiceCollection services) => services.AddRateLimiter(limiter =>
    {
        limiter.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limiter.OnRejected = (rejected, _) =>
        {
            if (rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
            {
                rejected.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            }

            return ValueTask.CompletedTask;
        };
        limiter.GlobalLimiter = Api.ApiLimit.Limiter();
        limiter.AddPolicy(Policy, context => HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetTokenBucketLimiter(Network(context.Connection.RemoteIpAddress), static _ => Bucket)
            : RateLimitPartition.GetNoLimiter(""));
        // Who has been asked may answer.
        limiter.AddPolicy(Passkeys, context => RateLimitPartition.GetTokenBucketLimiter(
            (Network(context.Connection.RemoteIpAddress), HttpMethods.IsPost(context.Request.Method)), static _ => Bucket));
        // There and back are counted apart: who got there gets back.
        limiter.AddPolicy(Logins, context => RateLimitPartition.GetTokenBucketLimiter(
            (Network(context.Connection.RemoteIpAddress), context.Request.Path.Value!.EndsWith("/return", StringComparison.OrdinalIgnoreCase)), static _ => Bucket));
        limiter.AddPolicy(Shares, context => HttpMethods.IsPost(context.Request.Method)
            ? RateLimitPartition.GetTokenBucketLimiter((Network(context.Connection.RemoteIpAddress), true), static _ => Bucket)
            : RateLimitPartition.GetTokenBucketLimiter((Network(context.Connection.RemoteIpAddress), false), static _ => ReadBucket));
        limiter.AddPolicy(Logouts, context => RateLimitPartition.GetTokenBucketLimiter(Network(context.Connection.RemoteIpAddress), static _ => LogoutBucket));
    });

    /// <summary>Whom an address counts for: whoever has IPv6 has at least 2^64.</summary>
    public static string Network(IPAddress? address)
    {
        if (address is not { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
        {
            return (address?.IsIPv4MappedToIPv6 == true ? address.MapToIPv4() : address)?.ToString() ?? "";
        }

        return new IPNetwork(new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]]), 64).ToString();
    }

    private static TokenBucketRateLimiterOptions Of(int burst, TimeSpan each) =>
        new() { TokenLimit = burst, TokensPerPeriod = 1, ReplenishmentPeriod = each, AutoReplenishment = true, QueueLimit = 0 };
}
