using Calango.Sdk;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>Services that people ask for by name, with the addresses their own documentation gives.</summary>
internal static class Presets
{
    public static IReadOnlyList<ProviderPreset> All { get; } =
    [
        Of("openai", "OpenAI", "https://api.openai.com/v1"),
        Of("litellm", "LiteLLM", "http://127.0.0.1:4000/v1"),
        Of("ollama", "Ollama", "http://127.0.0.1:11434/v1"),
        Of("lm-studio", "LM Studio", "http://127.0.0.1:1234/v1"),
        Of("llama-cpp", "llama.cpp server", "http://127.0.0.1:8080/v1"),
        Of("vllm", "vLLM", "http://127.0.0.1:8000/v1"),
        Of("openrouter", "OpenRouter", "https://openrouter.ai/api/v1"),
        Of("groq", "Groq", "https://api.groq.com/openai/v1"),
        Of("deepseek", "DeepSeek", "https://api.deepseek.com/v1"),
        Of("mistral", "Mistral", "https://api.mistral.ai/v1"),
        Of("azure", "Azure OpenAI", "https://your-resource.openai.azure.com/openai/v1"),
    ];

    private static ProviderPreset Of(string id, string name, string address) =>
        new(id, name, new Dictionary<string, string>(StringComparer.Ordinal) { ["address"] = address });
}
