using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Calango.Tests.Support.Webhooks;

/// <summary>A message that a webhook got.</summary>
/// <param name="Id">The header <c>webhook-id</c>.</param>
/// <param name="Timestamp">The header <c>webhook-timestamp</c>.</param>
/// <param name="Signature">The header <c>webhook-signature</c>.</param>
/// <param name="ContentType">What its body is.</param>
/// <param name="Body">As it came.</param>
public sealed record WebhookMessage(string Id, string Timestamp, string Signature, string ContentType, string Body)
{
    /// <summary>What it tells.</summary>
    public JsonElement Data => JsonElement.Parse(Body).GetProperty("data");

    /// <summary>Whether it was signed with a secret, as the Standard Webhooks say it (github.com/standard-webhooks), at about this time.</summary>
    public bool IsSignedWith(string secret, DateTimeOffset now)
    {
        var key = Convert.FromBase64String(secret["whsec_".Length..]);
        var wanted = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}"));
        var age = now - DateTimeOffset.FromUnixTimeSeconds(long.Parse(Timestamp, CultureInfo.InvariantCulture));
        return Signature == "v1," + Convert.ToBase64String(wanted) && age.Duration() < TimeSpan.FromMinutes(5);
    }
}

/// <summary>Somebody's program on loopback that webhooks are told to.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<WebhookMessage> _received = new();
    private readonly Task _serving;

    private WebhookReceiver(int port)
    {
        Address = new Uri($"http://127.0.0.1:{port}/hook?key=canary-8842");
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>Which status each message gets, by its number from 1 on; a redirect leads to itself.</summary>
    public Func<int, int> Answer { get; set; } = _ => 200;

    /// <summary>Until when no message is answered.</summary>
    public Task BeforeAnswering { get; set; } = Task.CompletedTask;

    /// <summary>What has come so far, in order.</summary>
    public IReadOnlyList<WebhookMessage> Received => [.. _received];

    /// <summary>Starts one.</summary>
    public static WebhookReceiver Start(int port) => new(port);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception) when (!_listener.IsListening)
            {
                return;
            }

            _ = AnswerAsync(context);
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        var request = context.Request;
        using var reader = new StreamReader(request.InputStream, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        _received.Enqueue(new WebhookMessage(
            request.Headers["webhook-id"] ?? "", request.Headers["webhook-timestamp"] ?? "", request.Headers["webhook-signature"] ?? "", request.ContentType ?? "", body));
        var number = _received.Count;
        try
        {
            await BeforeAnswering;
            context.Response.StatusCode = Answer(number);
            if (context.Response.StatusCode is >= 300 and < 400)
            {
                context.Response.RedirectLocation = Address.ToString();
            }

            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            // Who asked has hung up, or the test is over.
        }
    }
}
