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

    private static readonly TokenBucketRateLimiterOptions Bucket = new()
    {
        TokenLimit = 20,
        TokensPerPeriod = 1,
        ReplenishmentPeriod = TimeSpan.FromSeconds(6),
        AutoReplenishment = true,
        QueueLimit = 0,
    };

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
}
