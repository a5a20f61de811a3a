namespace Calango.Core.Tests.Identity;

/// <summary>A provider that does wrong, over a real socket.</summary>
public sealed class HostileProviderTests
{
    public static TheoryData<string> Modes => [.. HostileProviders.All.Keys];

    [Theory]
    [MemberData(nameof(Modes))]
    public async Task N06_what_a_provider_does_wrong_is_refused_for_its_own_reason(string mode)
    {
        await using var bench = await LoginBench.StartAsync();
        var (reason, bend) = HostileProviders.All[mode];
        bend(bench.Provider);

        Assert.Equal(reason, await LoginBench.RefusalOf(() => bench.LogInAsync()));
    }
}
