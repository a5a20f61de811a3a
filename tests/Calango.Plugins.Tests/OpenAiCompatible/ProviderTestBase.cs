using System.Text;
using Calango.Plugins.OpenAiCompatible;
using Calango.Plugins.Tests.Conformance;
using Calango.Tests.Support.Upstream;

namespace Calango.Plugins.Tests.OpenAiCompatible;

/// <summary>The provider against a scripted upstream of its own.</summary>
public abstract class ProviderTestBase() : ProviderTestBase<OpenAiCompatibleProvider>(http => new OpenAiCompatibleProvider(http))
{
    protected static UpstreamReply Events(params ReadOnlySpan<string> events) =>
        new() { RawBody = Encoding.UTF8.GetBytes(string.Concat(events.ToArray().Select(data => $"data: {data}\n\n"))) };
}
