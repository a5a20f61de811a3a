using System.Net.Http.Headers;
using Calango.Sdk;

namespace Calango.Plugins.Langfuse;

/// <summary>
/// Sends events as spans, by OTLP over HTTP in its JSON form (opentelemetry.io/docs/specs/otlp/#otlphttp), with the
/// attributes that Langfuse reads (langfuse.com/integrations/native/opentelemetry). A span has the ids of its event, by
/// which Langfuse knows one that comes twice. A rating becomes a score on the trace of its answer, by Langfuse's own API
/// (api.reference.langfuse.com, Scores).
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
        if (events.Where(one => one.Task != ModelTask.Rating).ToList() is { Count: > 0 } spans)
        {
            await SendAsync(langfuse, HttpMethod.Post, langfuse.TracesAddress(), OtlpTraces.Write(spans), cancellationToken).ConfigureAwait(false);
        }

        // What counts is the last of a turn.
        foreach (var rating in events.Where(one => one.Task == ModelTask.Rating).GroupBy(one => one.TurnId).Select(ofTurn => ofTurn.Last()))
        {
            await ScoreAsync(langfuse, rating, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ScoreAsync(LangfuseSettings langfuse, ModelEvent rating, CancellationToken cancellationToken)
    {
        if (rating.Rating is { IsGood: not null })
        {
            await SendAsync(langfuse, HttpMethod.Post, langfuse.ScoresAddress(), Score.Write(rating), cancellationToken).ConfigureAwait(false);
            return;
        }

        try
        {
            await SendAsync(langfuse, HttpMethod.Delete, new Uri($"{langfuse.ScoresAddress()}/{Score.IdOf(rating)}"), body: null, cancellationToken).ConfigureAwait(false);
        }
        catch (ProviderException gone) when (gone.Kind == ProviderErrorKind.EndpointNotFound)
        {
            // It never arrived, or was taken back before.
        }
    }

    private async Task SendAsync(LangfuseSettings langfuse, HttpMethod method, Uri address, ReadOnlyMemory<byte>? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address) { Headers = { Authorization = langfuse.Authorization() } };
        if (body is { } json)
        {
            request.Content = new ReadOnlyMemoryContent(json) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken).ConfigureAwait(false);
            var said = await response.Content.ReadAsStringAsync(cancellationToken).ConfigureAwait(false);
            new Answer(response, said, langfuse.SecretKey).ThrowUnlessTaken();
        }
        catch (Exception exception)
        {
            throw Failures.From(exception, cancellationToken);
        }
    }
}
