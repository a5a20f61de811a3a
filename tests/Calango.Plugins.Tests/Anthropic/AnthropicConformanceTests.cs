using Calango.Plugins.Anthropic;
using Calango.Plugins.Tests.Conformance;
using Calango.Sdk;
using Calango.Tests.Support.Upstream;

namespace Calango.Plugins.Tests.Anthropic;

public sealed class AnthropicConformanceTests : ScriptedServiceConformance
{
    protected override IModelProvider Provider => new AnthropicProvider(Http);

    protected override UpstreamReply Failure(ProviderErrorKind kind) => kind switch
    {
        ProviderErrorKind.PaymentRequired => new() { Status = 400, ErrorMessage = "Your credit balance is too low to access the Anthropic API." },
        ProviderErrorKind.ModelNotFound => new() { Status = 404, ErrorMessage = "model: fake" },
        ProviderErrorKind.ContextTooLong => new() { Status = 400, ErrorMessage = "prompt is too long: 210000 tokens > 200000 maximum" },
        ProviderErrorKind.ContentRefused => new() { Status = 400, ErrorMessage = "Output blocked by content filtering policy" },
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
