using Calango.Plugins.Echo;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.Tests.Echo;

public sealed class EchoConformanceTests : ModelProviderConformance
{
    protected override IModelProvider Provider { get; } = new EchoProvider();

    protected override string? PromptFor(ServiceMove move) => move switch
    {
        ServiceMove.Say => Words,
        ServiceMove.SayUnicodeByteByByte => UnicodeWords,
        ServiceMove.Reason => $"/think {Words}",
        ServiceMove.CallTool => "/tool weather",
        ServiceMove.EndAtLimit => $"/limit {Words}",
        ServiceMove.EndByFilter => $"/refuse {Words}",
        ServiceMove.EndWithoutReason => $"/cut {Words}",
        ServiceMove.Stall => "/wait one",
        _ => null,
    };

    protected override (IChatClient Client, string Prompt)? FailingWith(ProviderErrorKind kind) => (Connect(), $"/fail {kind}");

    protected override IChatClient Connect() => Provider.Connect("echo", new SettingsValues(new Dictionary<string, string>(StringComparer.Ordinal)));
}
