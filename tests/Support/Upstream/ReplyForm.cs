using System.Text.Encodings.Web;
using System.Text.Json;

namespace Calango.Tests.Support.Upstream;

/// <summary>How a protocol writes one answer: its events, whatever the script has them say. One for each answer, as an answer has state.</summary>
internal abstract class ReplyForm(UpstreamRequest request, UpstreamReply reply)
{
    /// <summary>The request that is answered.</summary>
    protected UpstreamRequest Request { get; } = request;

    /// <summary>The script.</summary>
    protected UpstreamReply Reply { get; } = reply;

    /// <summary>A line that breaks off inside its JSON.</summary>
    public abstract string HalfEvent { get; }

    /// <summary>The form in which a request wants to be answered.</summary>
    public static ReplyForm Of(UpstreamRequest request, UpstreamReply reply) => request.IsMessages ? new AnthropicForm(request, reply) : new OpenAiForm(request, reply);

    /// <summary>What comes before the first token.</summary>
    public virtual IEnumerable<UpstreamEvent> Begin() => [];

    /// <summary>One token.</summary>
    public abstract IEnumerable<UpstreamEvent> Token(string text, bool isReasoning);

    /// <summary>What comes after the last token: a tool call, the finish reason, usage.</summary>
    public abstract IEnumerable<UpstreamEvent> End();

    /// <summary>A failure in the middle of an answer.</summary>
    public abstract UpstreamEvent Error();

    /// <summary>Whether the script's tool is called: tools were sent, and the last message is not a tool's answer.</summary>
    protected bool CallsTool => Reply.Tool is not null && Request.Body.TryGetProperty("tools", out _) && (Reply.CallsAgain || !Request.EndsWithToolAnswer);

    protected static string Json(string text) => $"\"{JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
}

/// <summary>One server-sent event.</summary>
/// <param name="Name">Its name; null has none.</param>
/// <param name="Data">Its data, one line.</param>
internal readonly record struct UpstreamEvent(string? Name, string Data);
