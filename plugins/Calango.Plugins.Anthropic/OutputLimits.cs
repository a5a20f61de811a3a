using System.Collections.Concurrent;
using Anthropic;

namespace Calango.Plugins.Anthropic;

/// <summary>
/// How long an answer may be, model by model: the protocol wants a number with each request. Asked for once and kept, as
/// it is the same for everybody.
/// </summary>
internal sealed class OutputLimits
{
    /// <summary>What every model of the protocol allows, for a service that does not tell.</summary>
    public const int Smallest = 4096;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<(Uri Address, string ModelId), int> _known = [];

    public async Task<int> OfAsync(Service service, string modelId, IAnthropicClient client, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue((service.Address, modelId), out var known))
        {
            return known;
        }

        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            var model = await client.Models.Retrieve(modelId, cancellationToken: patience.Token).ConfigureAwait(false);
            return ModelListing.Tokens(model, "max_tokens") is { } told ? _known[(service.Address, modelId)] = told : Smallest;
        }
        // If the service is in trouble, the request for the answer says so better. Nothing is kept: the next turn asks again.
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            return Smallest;
        }
    }
}
