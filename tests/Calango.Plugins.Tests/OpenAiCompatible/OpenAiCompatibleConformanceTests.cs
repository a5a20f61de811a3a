using Calango.Plugins.OpenAiCompatible;
using Calango.Plugins.Tests.Conformance;
using Calango.Sdk;
using Calango.Tests.Support.Upstream;

namespace Calango.Plugins.Tests.OpenAiCompatible;

public class OpenAiCompatibleConformanceTests : ScriptedServiceConformance
{
    protected override IModelProvider Provider => new OpenAiCompatibleProvider(Http);

    protected override UpstreamReply Failure(ProviderErrorKind kind) => kind switch
    {
        ProviderErrorKind.PaymentRequired => new() { Status = 429, ErrorCode = "insufficient_quota" },
        ProviderErrorKind.ModelNotFound => new() { Status = 404, ErrorCode = "model_not_found" },
        ProviderErrorKind.ContextTooLong => new() { Status = 400, ErrorCode = "context_length_exceeded" },
        ProviderErrorKind.ContentRefused => new() { Status = 400, ErrorCode = "content_filter" },
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
