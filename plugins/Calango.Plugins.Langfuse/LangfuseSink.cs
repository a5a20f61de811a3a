using System.Net.Http.Headers;
using Calango.Sdk;

namespace Calango.Plugins.Langfuse;

/// <summary>
/// Sends events as spans, by OTLP over HTTP in its JSON form (opentelemetry.io/docs/specs/otlp/#otlphttp), with the
/// attributes that Langfuse reads (langfuse.com/integrations/native/opentelemetry). A span has the ids of its event, by
/// which Langfuse knows one that comes twice.
/// </summary>
public sealed class LangfuseSink(IPluginHttp http) : IEventSink
{
    // What is read is a short answer on one line.
    private readonly HttpClient _http = http.CreateClient(new HttpLimits(MaxBodyBytes: 1024 * 1024));

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } = SettingsSchema.Of<LangfuseSettings>();

    /// <inheritdoc/>
    public async Task SendAsync(IReadOnlyList<ModelEvent> events, SettingsValues settings, CancellationToken cancellationToken)
    {
        var langfuse = SettingsSchema.Bind<LangfuseSettings>(settings);
        using var request = new HttpRequestMessage(HttpMethod.Post, langfuse.TracesAddress())
        {
            Content = new ReadOnlyMemoryContent(OtlpTraces.Write(events)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers = { Authorization = langfuse.Authorization() },
        };
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            var body = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            new Answer(response, body, langfuse.SecretKey).ThrowUnlessTaken();
        }
        catch (Exception exception)
        {
            throw Failures.From(exception, cancellationToken);
        }
    }
}
