namespace Calango.Core.Plugins;

/// <summary>Brings generations that take no new calls to their end: drained, stopped, unloaded, and looked after until they are gone.</summary>
internal sealed class PluginRetirement(Action changed)
{
    /// <summary>Longer than the longest turn that anybody may set: a swap never cuts one.</summary>
    public static readonly TimeSpan DrainLimit = TimeSpan.FromHours(25);

    private static readonly TimeSpan CutLimit = TimeSpan.FromSeconds(5);

    private readonly UnloadWatch _watch = new();

    /// <summary>Ends all calls of a plugin's generations that take no new ones. Returns the turns among them.</summary>
    public static async Task<IReadOnlyList<Guid>> CutAsync(PluginSlot slot)
    {
        var cuts = await Task.WhenAll(slot.Others.Select(generation => generation.Calls.CutAsync()));
        return [.. cuts.SelectMany(turns => turns).Distinct()];
    }

    /// <summary>Returns when it is gone, or has outlived its unloading. Never throws.</summary>
    /// <param name="slot">Its place, which has it among its others.</param>
    /// <param name="old">The generation.</param>
    /// <param name="hasPlace">Whether it took one of the places for those that drain.</param>
    /// <param name="report">Told each step.</param>
    public async Task RetireAsync(PluginSlot slot, PluginGeneration old, bool hasPlace, Action<PluginStep> report)
    {
        var steps = new PluginSteps(old.Manifest, report);
        steps.Begin(PluginStepName.Drain);
        if (!await old.DrainAsync(DrainLimit))
        {
            await old.Calls.CutAsync();
            await old.DrainAsync(CutLimit);
        }

        old.State = PluginState.Stopping;
        steps.Begin(PluginStepName.Unload);
        changed();
        if (hasPlace)
        {
            slot.GivePlaceBack();
        }

        var failure = await old.EndAsync();
        if (await _watch.IsGoneAsync(old.Unload()))
        {
            old.State = PluginState.Unloaded;
            slot.Forget(old);
        }
        else
        {
            old.State = PluginState.Zombie;
            failure = failure is null ? "something still holds its code in memory" : $"{failure}; something still holds its code in memory";
        }

        steps.End(failure);
        changed();
    }
}
