using Quartz;

namespace Calango.Core.Jobs;

/// <summary>
/// A run of a job that somebody asked for. It is named by the run that they saw as the job's last: whoever else asks meanwhile,
/// on whichever replica, asks for the same, and where the job has run since, nobody needs it any more.
/// </summary>
internal static class AskedRun
{
    public const string Group = "asked";

    public static TriggerKey KeyOf(string job, Guid? seen) => new($"{job}/{seen}", Group);

    public static bool Is(TriggerKey key) => key.Group == Group;

    public static Guid? SeenOf(TriggerKey key) => Guid.TryParse(key.Name[(key.Name.LastIndexOf('/') + 1)..], out var seen) ? seen : null;
}
