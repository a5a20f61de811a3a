using Calango.Core.Audit;
using Calango.Web.Hosting;
using Calango.Web.Text;

namespace Calango.Web.Identity;

/// <summary>Writes down what a request does that bears on security; on a laptop nothing.</summary>
public sealed class RequestAudit(IHttpContextAccessor accessor, IServiceProvider services)
{
    /// <summary>Whether this request has written something down.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>Writes an act down.</summary>
    /// <param name="act">One of <see cref="AuditActs"/>.</param>
    /// <param name="subject">To whom or what.</param>
    /// <param name="accountId">Who; null: whoever has signed in.</param>
    public Task WriteAsync(string act, string subject, Guid? accountId = null)
    {
        if (services.GetRequiredService<HostSettings>().Mode == HostMode.Desktop)
        {
            return Task.CompletedTask;
        }

        HasWritten = true;
        var context = accessor.HttpContext!;
        var who = accountId ?? (context.User.Identity?.IsAuthenticated == true ? services.GetRequiredService<Viewer>().AccountId : null);
        var origin = new AuditOrigin(who, context.ClientAddress(), context.TraceIdentifier);
        // It is written although the browser has gone: the act is done.
        return services.GetRequiredService<AuditLog>().AppendAsync(origin, act, subject, CancellationToken.None);
    }
}
