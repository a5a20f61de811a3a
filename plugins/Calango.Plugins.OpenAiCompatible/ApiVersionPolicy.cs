using System.ClientModel.Primitives;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>Azure OpenAI's dated form: the version in the query, the key in a header of Azure's own.</summary>
internal sealed class ApiVersionPolicy(string version, string? apiKey) : PipelinePolicy
{
    public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Apply(message.Request);
        ProcessNext(message, pipeline, currentIndex);
    }

    public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex)
    {
        Apply(message.Request);
        return ProcessNextAsync(message, pipeline, currentIndex);
    }

    private void Apply(PipelineRequest request)
    {
        request.Uri = new UriBuilder(request.Uri!) { Query = $"api-version={Uri.EscapeDataString(version)}" }.Uri;
        if (apiKey is not null)
        {
            request.Headers.Set("api-key", apiKey);
        }
    }
}
