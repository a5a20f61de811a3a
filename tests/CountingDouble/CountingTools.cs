using System.Text.Json;
using Calango.Sdk;

namespace Calango.Tests.CountingDouble;

/// <summary>
/// Tools whose results begin with the version that they come from. What is run by <see cref="Errand"/> or looked up by
/// <see cref="Look"/> is an address, so that a test hears of each call and decides when it ends; <see cref="Mark"/> asks nobody.
/// </summary>
public sealed class CountingTools(PluginContext context, IPluginHttp http) : IToolSource
{
    /// <summary>A tool.</summary>
    public const string Errand = "errand", Look = "look", Mark = "mark";

    /// <summary>How many tools there are: more than one server may offer.</summary>
    public const int Count = 150;

    private const string OneText = """{"type":"object","properties":{"text":{"type":"string"}},"required":["text"],"additionalProperties":false}""";

    private readonly string _version = CountingProvider.VersionIn(context.InstallFolder);
    private readonly HttpClient _http = http.CreateClient(new HttpLimits());

    /// <inheritdoc/>
    public IReadOnlyList<SettingField> Settings { get; } = [];

    /// <inheritdoc/>
    public Task<IReadOnlyList<ToolInfo>> ListAsync(ToolServerSettings server, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<ToolInfo>>(
    [
        new(Errand, "Does something at an address.", OneText, ToolEffect.Changing),
        new(Look, "Reads an address.", OneText, ToolEffect.ReadOnly),
        new(Mark, "Marks a text.", OneText, ToolEffect.Pure),
        .. Enumerable.Range(4, Count - 3).Select(number => new ToolInfo($"spare_{number}", "Marks a text, too.", OneText, ToolEffect.Pure)),
    ]);

    /// <inheritdoc/>
    public async Task<ToolResult> InvokeAsync(ToolServerSettings server, ToolCall call, CancellationToken cancellationToken)
    {
        using var arguments = JsonDocument.Parse(call.Arguments);
        var text = arguments.RootElement.GetProperty("text").GetString()!;
        var said = call.Tool is Errand or Look ? await _http.GetStringAsync(text, cancellationToken).ConfigureAwait(false) : text;
        return new ToolResult($"v{_version}: {said}");
    }

    /// <inheritdoc/>
    public Task CloseAsync(Guid serverId) => Task.CompletedTask;
}
