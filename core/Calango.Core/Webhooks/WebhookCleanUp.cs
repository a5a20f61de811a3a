using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Webhooks;

/// <summary>Removes messages for webhooks that nobody sends any more, some days later; those of somebody who is suspended are among them.</summary>
internal sealed class WebhookCleanUp(Database database, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 500;

    public Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var until = clock.GetUtcNow() - WebhookOutbox.Kept;
        return database.WriteAsync(
            db => db.Set<WebhookDelivery>().Where(delivery => delivery.QueuedAt <= until).OrderBy(delivery => delivery.Id).Take(AtOnce).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}
