using System.Diagnostics;
using System.Diagnostics.Metrics;
using Calango.Core.Telemetry;

namespace Calango.Core.Webhooks;

/// <summary>Measures how webhooks are told. Thread-safe.</summary>
internal sealed class WebhookTelemetry
{
    private static readonly double[] Boundaries = [0.01, 0.05, 0.1, 0.5, 1, 5, 10];

    private readonly Histogram<double> _duration;

    public WebhookTelemetry(IMeterFactory meters) =>
        _duration = meters.Create(Instrumentation.Name).CreateHistogram("calango.webhook.duration", "s", "How long it took to tell a webhook, or to fail.", Boundaries);

    public void Tried(TimeSpan duration, WebhookOutcome outcome)
    {
        var tags = default(TagList);
        if (!outcome.IsSent)
        {
            tags.Add(Instrumentation.ErrorType, outcome.Failure.ToString());
        }

        _duration.Record(duration.TotalSeconds, tags);
    }
}
