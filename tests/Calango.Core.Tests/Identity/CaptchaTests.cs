using Calango.Core.Data;
using Calango.Core.Identity;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;
using Microsoft.AspNetCore.Identity;

namespace Calango.Core.Tests.Identity;

/// <summary>What of the work before a form is remembered, where, and for how long.</summary>
public sealed class CaptchaTests
{
    private static readonly ServerSecret Secret = new("a secret of more than thirty-two letters");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task An_answer_counts_once_among_all_replicas_and_for_ten_minutes(DatabaseKind kind)
    {
        var clock = new ManualTime();
        await using var kernel = await TestKernel.StartAsync(kind, clock: clock);
        var (here, there) = (On(kernel, Secret, clock), On(kernel, Secret, clock));
        var first = Solve(here);
        Assert.True(await there.UseUpAsync(first, Cancelled));
        Assert.False(await here.UseUpAsync(first, Cancelled));

        var (soon, late) = (Solve(here), Solve(here));
        clock.Advance(Captchas.Lifetime - TimeSpan.FromSeconds(1));
        Assert.True(await here.UseUpAsync(soon, Cancelled));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(await here.UseUpAsync(late, Cancelled));
    }

    [EachDatabase]
    public async Task An_answer_that_is_sent_fifty_times_at_once_counts_once(DatabaseKind kind)
    {
        await using var kernel = await TestKernel.StartAsync(kind);
        var captchas = On(kernel, Secret, TimeProvider.System);
        var answer = Solve(captchas);

        var counted = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => captchas.UseUpAsync(answer, Cancelled)));

        Assert.Single(counted, isIn => isIn);
    }

    [EachDatabase]
    public async Task What_another_server_asked_does_not_count(DatabaseKind kind)
    {
        await using var kernel = await TestKernel.StartAsync(kind);
        var other = On(kernel, new ServerSecret("another secret of more than thirty-two letters"), TimeProvider.System);

        Assert.False(await On(kernel, Secret, TimeProvider.System).UseUpAsync(Solve(other), Cancelled));
    }

    [EachDatabase]
    public async Task Failures_count_for_a_quarter_of_an_hour_and_nothing_of_either_stays(DatabaseKind kind)
    {
        var clock = new ManualTime();
        await using var kernel = await TestKernel.StartAsync(kind, clock: clock);
        var failures = new SignInFailures(kernel.Get<Database>(), Secret, new UpperInvariantLookupNormalizer(), clock);
        var captchas = On(kernel, Secret, clock);
        await captchas.UseUpAsync(Solve(captchas), Cancelled);
        for (var failed = 0; failed < 3; failed++)
        {
            Assert.False(await failures.AreManyAsync("ana@example.org", "203.0.113.2", Cancelled));
            await failures.CountAsync("Ana@Example.org", $"203.0.113.{failed}", Cancelled);
        }

        Assert.True(await failures.AreManyAsync("ana@example.org", "203.0.113.2", Cancelled));
        Assert.False(await failures.AreManyAsync("bruno@example.org", "203.0.113.2", Cancelled));
        clock.Advance(SignInFailures.Window);
        Assert.False(await failures.AreManyAsync("ana@example.org", "203.0.113.2", Cancelled));
        var cleanUp = new CaptchaCleanUp(kernel.Get<Database>(), clock);
        Assert.Equal(7, await cleanUp.RemoveSomeAsync(Cancelled));
        Assert.Equal(0, await cleanUp.RemoveSomeAsync(Cancelled));
    }

    private static Captchas On(TestKernel kernel, ServerSecret secret, TimeProvider clock) => new(kernel.Get<Database>(), secret, clock);

    private static string Solve(Captchas captchas)
    {
        var asked = captchas.Make();
        return CaptchaWork.Do(asked.Algorithm, asked.Challenge, asked.MaxNumber, asked.Salt, asked.Signature).Answer;
    }
}
