namespace Calango.Core.Models;

/// <summary>Where model services are looked for.</summary>
public sealed class DiscoveryOptions
{
    /// <summary>
    /// Ports on 127.0.0.1, as the services choose them by themselves: Ollama 11434, llama-server and LocalAI 8080,
    /// LM Studio 1234, vLLM 8000, Jan 1337, LiteLLM 4000.
    /// </summary>
    public IReadOnlyList<int> Ports { get; init; } = [11434, 8080, 1234, 8000, 1337, 4000];

    /// <summary>The address of a service that speaks OpenAI's protocol, as OPENAI_BASE_URL gives it.</summary>
    public NamedService? OpenAi { get; init; }

    /// <summary>Its key. Without an address it is one for OpenAI itself.</summary>
    public string? OpenAiKey { get; init; }

    /// <summary>Where Ollama runs, in any form that OLLAMA_HOST may have.</summary>
    public NamedService? Ollama { get; init; }

    /// <summary>How long a place on this machine has to answer.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromMilliseconds(300);
}

/// <summary>A service that the operator names.</summary>
/// <param name="Place">Where it is.</param>
/// <param name="NamedBy">The variable or the key of the configuration that says so, for the person who wonders.</param>
public sealed record NamedService(string Place, string NamedBy);
