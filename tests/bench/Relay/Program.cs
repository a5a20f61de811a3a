// What this machine can do at all: a bare relay that reads the model's stream, encodes each token, frames it again and
// stores the turn through one writer that batches. No page, no account, no tree, no recovery. Usage: PORT, UPSTREAM, DB.
using System.Buffers;
using System.Net.ServerSentEvents;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Calango.Bench.Relay;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls($"http://127.0.0.1:{Environment.GetEnvironmentVariable("PORT")}");
await using var app = builder.Build();
var completions = new Uri($"{Environment.GetEnvironmentVariable("UPSTREAM")}/chat/completions");
using var store = new TurnStore(Environment.GetEnvironmentVariable("DB")!);
#pragma warning disable RS0030 // no kernel here to make one
using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue }) { Timeout = Timeout.InfiniteTimeSpan };
#pragma warning restore RS0030

app.MapGet("/", () => Results.Content("<!doctype html><title>relay</title>", "text/html"));
app.MapPost("/turn", async (HttpContext context) =>
{
    using var reader = new StreamReader(context.Request.Body);
    var question = await reader.ReadToEndAsync(context.RequestAborted);
    using var request = new HttpRequestMessage(HttpMethod.Post, completions)
    {
        Content = JsonContent.Create(new { model = "fake", stream = true, messages = new[] { new { role = "user", content = question } } }),
    };
    using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
    context.Response.ContentType = "text/event-stream";
    var output = context.Response.BodyWriter;
    var answer = new StringBuilder();
    await using var body = await response.Content.ReadAsStreamAsync(context.RequestAborted);
    await foreach (var item in SseParser.Create(body, (_, data) => ContentOf(data)).EnumerateAsync(context.RequestAborted))
    {
        if (item.Data is { Length: > 0 } token)
        {
            answer.Append(token);
            Write(output, "event: token\ndata: ", HtmlEncoder.Default.Encode(token), "\n\n");
            await output.FlushAsync(context.RequestAborted);
        }
    }

    await store.WriteAsync(question, answer.ToString());
    Write(output, "event: end\ndata: \n\n");
    await output.FlushAsync(context.RequestAborted);
});
await app.RunAsync();

static void Write(IBufferWriter<byte> output, params ReadOnlySpan<string> parts)
{
    foreach (var part in parts)
    {
        Encoding.UTF8.GetBytes(part, output);
    }
}

static string? ContentOf(ReadOnlySpan<byte> data)
{
    if (data is not [(byte)'{', ..])
    {
        return null;
    }

    var json = new Utf8JsonReader(data);
    while (json.Read())
    {
        if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("content"u8))
        {
            json.Read();
            return json.GetString();
        }
    }

    return null;
}
