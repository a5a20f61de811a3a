namespace Calango.Core.Models;

/// <summary>Where model services are looked for.</summary>
public sealed class DiscoveryOptions
{
    /// <summary>
    /// Ports on 127.0.0.1, as the services choose them by themselves: Ollama 11434, llama-server and LocalAI 8080,
    /// LM Studio 1234, vLLM 8000, Jan 1337, LiteLLM 4000.
    /// </summary>
    public IReadOnlyList<int> Ports { get; init; } = [11434, 8080, 1234, 8000, 1337, 4000];

    /// <summary>Reads OPENAI_BASE_URL, OPENAI_API_KEY and OLLAMA_HOST.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>How long a place on this machine has to answer.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMilliseconds(300);
}
