using Calango.Core.Identity;
using Calango.Core.Tests.Jobs;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Identity;

/// <summary>How long people stay signed in.</summary>
public sealed class SessionTests
{
    private static readonly TimeSpan Idle = TimeSpan.FromDays(14);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_session_ends_after_its_longest_time_however_much_it_is_used(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        var sessions = kernel.Get<Sessions>();
        var key = await sessions.OpenAsync(JobKernel.Ana, "Firefox", "127.0.0.1", Idle, login: null, Cancelled);

        var renewals = 0;
        for (var hour = 0; hour < 30 * 24; hour++)
        {
            var person = await sessions.FindAsync(key, Cancelled);
            Assert.NotNull(person);
            if (person.IsToBeRenewed(kernel.Time.GetUtcNow()))
            {
                await sessions.RenewAsync(key, person, Idle, Cancelled);
                renewals++;
            }

            kernel.Time.Advance(TimeSpan.FromHours(1));
        }

        Assert.Null(await sessions.FindAsync(key, Cancelled));
        Assert.Empty(await sessions.ListAsync(JobKernel.Ana, Cancelled));
        Assert.InRange(renewals, 2, 4);
    }

    [EachDatabase]
    public async Task A_session_that_is_not_used_ends_before(DatabaseKind kind)
    {
        await using var kernel = await JobKernel.StartAsync(kind);
        var sessions = kernel.Get<Sessions>();
        var key = await sessions.OpenAsync(JobKernel.Ana, "Firefox", "127.0.0.1", Idle, login: null, Cancelled);
        kernel.Time.Advance(Idle);

        Assert.Null(await sessions.FindAsync(key, Cancelled));
    }
}
