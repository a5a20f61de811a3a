using System.Collections.Concurrent;
using System.Security.Claims;
using Calango.Core.Audit;
using Calango.Web.Telemetry;
using Microsoft.AspNetCore.Authorization;

namespace Calango.Web.Identity;

/// <summary>
/// Writes down what pages do not write down themselves: each change of the server by whoever runs it, and each time somebody was
/// refused what they asked for. Of one person's refusals, the first of a minute: nobody shall fill the log.
/// </summary>
internal sealed class AuditTrail(RequestDelegate next, TimeProvider clock)
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private readonly ConcurrentDictionary<string, long> _refused = new();

    public async Task InvokeAsync(HttpContext context, RequestAudit audit)
    {
        var refusal = 0;
        try
        {
            await next(context);
            refusal = context.Response.StatusCode;
        }
        catch (Core.Errors.NotFoundException)
        {
            refusal = StatusCodes.Status404NotFound;
            throw;
        }
        finally
        {
            if (!audit.HasWritten && context.User.Identity?.IsAuthenticated == true)
            {
                await WriteAsync(context, audit, refusal);
            }
        }
    }

    private Task WriteAsync(HttpContext context, RequestAudit audit, int status)
    {
        var subject = $"{context.Request.Method} {SecretPaths.Close(context.Request.Path)}";
        if (status is StatusCodes.Status403Forbidden or StatusCodes.Status404NotFound)
        {
            return context.GetEndpoint() is not null && IsNews(context) ? audit.WriteAsync(AuditActs.Refused, subject) : Task.CompletedTask;
        }

        return status is > 0 and < 400 && !IsSafe(context.Request.Method) && IsForAdmins(context) ? audit.WriteAsync(AuditActs.Administered, subject) : Task.CompletedTask;
    }

    private bool IsNews(HttpContext context)
    {
        var (who, now) = (context.User.FindFirstValue(ClaimTypes.NameIdentifier)!, clock.GetTimestamp());
        foreach (var (other, at) in _refused)
        {
            if (clock.GetElapsedTime(at, now) > Minute)
            {
                _refused.TryRemove(KeyValuePair.Create(other, at));
            }
        }

        return _refused.TryAdd(who, now);
    }

    private static bool IsForAdmins(HttpContext context) => context.GetEndpoint()?.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy == Access.Admin) == true;

    private static bool IsSafe(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
}
