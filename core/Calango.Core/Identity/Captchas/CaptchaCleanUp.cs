using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>Removes challenges that are over by themselves, and failures to sign in that do not count any more.</summary>
internal sealed class CaptchaCleanUp(Database database, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 500;

    public Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var until = now - SignInFailures.Window;
        return database.WriteAsync(
            async db =>
                await db.Set<UsedCaptcha>().Where(used => used.ExpiresAt <= now).OrderBy(used => used.ExpiresAt).Take(AtOnce).ExecuteDeleteAsync(cancellationToken)
                + await db.Set<FailedSignIn>().Where(failed => failed.At <= until).OrderBy(failed => failed.Id).Take(AtOnce).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}
