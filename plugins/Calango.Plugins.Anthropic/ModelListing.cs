using System.Text.Json;
using Anthropic.Models.Models;
using ListedModel = Anthropic.Models.Models.ModelInfo;
using ModelInfo = Calango.Sdk.ModelInfo;

namespace Calango.Plugins.Anthropic;

/// <summary>The models of one service. All that it lists can chat.</summary>
internal sealed class ModelListing(Service service, HttpClient http)
{
    // The longest page that the API gives, many times what it has.
    private const int PageLength = 1000;

    public async Task<IReadOnlyList<ModelInfo>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            var page = await service.Client(http).Models.List(new ModelListParams { Limit = PageLength }, cancellationToken).ConfigureAwait(false);
            return [.. page.Items.DistinctBy(model => model.ID).Select(model =>
                new ModelInfo(model.ID, Name(model) ?? model.ID, Tokens(model, "max_input_tokens"), Tokens(model, "max_tokens")))];
        }
        catch (Exception exception)
        {
            throw Failures.From(exception, service.ApiKey, cancellationToken);
        }
    }

    /// <summary>A number that a service tells of a model; null if it does not. The SDK's own properties throw where a gateway leaves one out.</summary>
    public static int? Tokens(ListedModel model, string name) =>
        model.RawData.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var tokens) && tokens > 0 ? tokens : null;

    private static string? Name(ListedModel model) =>
        model.RawData.TryGetValue("display_name", out var name) && name.ValueKind == JsonValueKind.String && name.GetString() is { Length: > 0 } text ? text : null;
}
