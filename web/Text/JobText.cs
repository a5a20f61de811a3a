using Calango.Core.Jobs;

namespace Calango.Web.Text;

/// <summary>Says in the viewer's language when a job is due and how its runs ended.</summary>
public static class JobText
{
    /// <summary>How often it runs.</summary>
    public static string JobTime(this PageText text, JobStanding job) => job.At is { } at ? text["jobs.daily", ("time", at.ToString("t", text.Culture))] : text["jobs.eachMinute"];

    /// <summary>How a run's badge looks.</summary>
    public static string Badge(JobRun run) => run.Outcome switch
    {
        JobOutcome.Failed or JobOutcome.Interrupted => "badge--bad",
        JobOutcome.Stopped => "badge--idle",
        _ => "",
    };
}
