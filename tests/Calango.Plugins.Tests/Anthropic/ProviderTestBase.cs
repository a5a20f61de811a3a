using System.Text;
using System.Text.Json;
using Calango.Plugins.Anthropic;
using Calango.Plugins.Tests.Conformance;
using Calango.Tests.Support.Upstream;

namespace Calango.Plugins.Tests.Anthropic;

/// <summary>The provider against a scripted upstream of its own.</summary>
public abstract class ProviderTestBase() : ProviderTestBase<AnthropicProvider>(http => new AnthropicProvider(http))
{
    protected const string Start = """{"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"fake","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":5,"cache_creation_input_tokens":2,"cache_read_input_tokens":3,"output_tokens":1}}}""";
    protected const string Stop = """{"type":"message_stop"}""";

    protected static string Text(string text) => $$$"""{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"{{{text}}}"}}""";

    protected static string End(string reason) => $$$"""{"type":"message_delta","delta":{"stop_reason":"{{{reason}}}","stop_sequence":null},"usage":{"output_tokens":7}}""";

    /// <summary>A stream of these events, each named by its own type.</summary>
    protected static UpstreamReply Events(params ReadOnlySpan<string> events) =>
        new() { RawBody = Encoding.UTF8.GetBytes(string.Concat(events.ToArray().Select(data => $"event: {JsonElement.Parse(data).GetProperty("type")}\ndata: {data}\n\n"))) };
}
