using Calango.Core.Models;
using Calango.Sdk;
using Calango.Tests.Fixtures;
using Calango.Tests.Support;

namespace Calango.Core.Tests.Models;

public sealed class ConnectionGateTests
{
    private readonly ManualTime _time = new();
    private readonly ConnectionGate _gate;

    public ConnectionGateTests() => _gate = new ConnectionGate(_time);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_paused_connection_is_tried_once_after_its_rest_and_serves_again_if_that_goes_well()
    {
        await FailAsync(ProviderErrorKind.ServiceFailed, times: 6);
        var paused = await Assert.ThrowsAsync<ConnectionPausedException>(SucceedAsync);
        Assert.InRange(paused.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));

        _time.Advance(TimeSpan.FromSeconds(16));
        await FailAsync(ProviderErrorKind.Unreachable, times: 1);
        await Assert.ThrowsAsync<ConnectionPausedException>(SucceedAsync);

        _time.Advance(TimeSpan.FromSeconds(16));
        await SucceedAsync();
        await SucceedAsync();
    }

    [Fact]
    public async Task A_trial_that_somebody_stopped_says_nothing_and_the_next_call_is_the_trial()
    {
        await FailAsync(ProviderErrorKind.ServiceFailed, times: 6);
        _time.Advance(TimeSpan.FromSeconds(16));

        await StopAsync();
        await FailAsync(ProviderErrorKind.ServiceFailed, times: 1);
        var paused = await Assert.ThrowsAsync<ConnectionPausedException>(SucceedAsync);
        Assert.InRange(paused.RetryAfter, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));

        _time.Advance(TimeSpan.FromSeconds(16));
        await StopAsync();
        await StopAsync();
        await SucceedAsync();
        await FailAsync(ProviderErrorKind.ServiceFailed, times: 3);
        await SucceedAsync();
    }

    [Fact]
    public async Task What_goes_on_can_be_seen()
    {
        await _gate.EnterAsync(1, Inputs.Caller, Token);
        _ = _gate.EnterAsync(1, Inputs.Caller, Token).AsTask();
        Assert.Equal((1, 1, null), _gate.Now);

        await FailAsync(ProviderErrorKind.ServiceFailed, times: 6);
        Assert.Equal((1, 1, _time.GetUtcNow() + TimeSpan.FromSeconds(15)), _gate.Now);

        _time.Advance(TimeSpan.FromSeconds(16));
        await SucceedAsync();
        Assert.Equal((1, 1, null), _gate.Now);
    }

    [Theory]
    [InlineData(ProviderErrorKind.Unauthorized)]
    [InlineData(ProviderErrorKind.RateLimited)]
    [InlineData(ProviderErrorKind.ContextTooLong)]
    public async Task What_is_no_trouble_of_the_service_pauses_nothing(ProviderErrorKind kind)
    {
        await FailAsync(kind, times: 20);

        await SucceedAsync();
    }

    [Fact]
    public async Task A_greater_limit_lets_those_in_who_wait()
    {
        await _gate.EnterAsync(1, Inputs.Caller, Token);
        var waiting = _gate.EnterAsync(1, Inputs.Caller, Token).AsTask();
        Assert.False(waiting.IsCompleted);

        await _gate.EnterAsync(3, Inputs.Caller, Token);

        await waiting.WaitAsync(Eventually.Limit, Token);
        Assert.Equal(3, _gate.Load);
    }

    private async Task SucceedAsync() => Assert.True(await _gate.TryAsync(() => ValueTask.FromResult(true), Token));

    private async Task StopAsync()
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _gate.TryAsync<bool>(
            async () =>
            {
                await stop.CancelAsync();
                throw new OperationCanceledException(stop.Token);
            },
            stop.Token).AsTask());
    }

    private async Task FailAsync(ProviderErrorKind kind, int times)
    {
        for (var time = 0; time < times; time++)
        {
            await Assert.ThrowsAsync<ProviderException>(() => _gate.TryAsync<bool>(() => throw new ProviderException(kind), Token).AsTask());
        }
    }
}
