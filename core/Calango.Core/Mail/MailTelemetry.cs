using System.Diagnostics;
using System.Diagnostics.Metrics;
using Calango.Core.Telemetry;

namespace Calango.Core.Mail;

/// <summary>Measures how messages leave. Thread-safe.</summary>
internal sealed class MailTelemetry
{
    private static readonly double[] Boundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60];

    private readonly Histogram<double> _duration;

    public MailTelemetry(IMeterFactory meters) =>
        _duration = meters.Create(Instrumentation.Name).CreateHistogram("calango.mail.duration", "s", "How long it took to hand a message over, or to fail.", Boundaries);

    public void Tried(TimeSpan duration, MailOutcome outcome)
    {
        var tags = default(TagList);
        if (!outcome.IsSent)
        {
            tags.Add(Instrumentation.ErrorType, outcome.Failure.ToString());
        }

        _duration.Record(duration.TotalSeconds, tags);
    }
}
