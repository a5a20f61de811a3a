namespace Calango.Core.Jobs;

/// <summary>
/// Removes what nobody needs any more, a little at a time: whatever ends it between two steps, the next run goes on from
/// there. Its feature registers it with <see cref="JobsSetup.AddCleanUp"/>.
/// </summary>
internal interface ICleanUp
{
    /// <summary>Removes some, in one short unit of work. Returns how many; 0: nothing is left to be removed.</summary>
    Task<int> RemoveSomeAsync(CancellationToken cancellationToken);
}

/// <summary>A clean-up and when it is due.</summary>
/// <param name="Name">Its name in the schedule, the logs and the metrics.</param>
/// <param name="At">The time of the day, by the clock of the machine.</param>
/// <param name="Work">What it does.</param>
internal sealed record CleanUp(string Name, TimeOnly At, ICleanUp Work)
{
    /// <summary>When it is due, as Quartz writes it.</summary>
    public string Cron => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"0 {At.Minute} {At.Hour} * * ?");
}
