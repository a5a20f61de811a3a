using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.EntityFrameworkCore;

namespace Calango.Core.Identity;

/// <summary>Removes what people have said of themselves who then did not open their link.</summary>
internal sealed class SignUpCleanUp(Database database, TimeProvider clock) : ICleanUp
{
    private const int AtOnce = 500;

    public Task<int> RemoveSomeAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return database.WriteAsync(
            db => db.Set<SignUp>().Where(signUp => signUp.ExpiresAt <= now).OrderBy(signUp => signUp.Id).Take(AtOnce).ExecuteDeleteAsync(cancellationToken),
            cancellationToken);
    }
}
