using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Mail;

/// <summary>Removes messages that did not go and that nobody needs any more.</summary>
internal sealed class MailCleanUp(Database database, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 500;

    public Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() - Outbox.Kept;
        return database.WriteAsync(
            db => db.Set<OutgoingMail>().Where(mail => mail.GivenUpAt <= until || mail.ExpiresAt <= until).OrderBy(mail => mail.Id).Take(AtOnce).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}
