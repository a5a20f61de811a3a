namespace Calango.Plugins.LocalModels.Worker.Llama;

// How the next token is drawn.
internal sealed record Sampling(float? Temperature, float? TopP, float? FrequencyPenalty, float? PresencePenalty, uint? Seed)
{
    // Models small enough to run beside everything else on a laptop lose the thread at more.
    private const float DefaultTemperature = 0.3f;
    private const float DefaultTopP = 0.95f;
    private const float MinP = 0.05f;
    private const int TopK = 40;

    // Small models repeat themselves without it.
    private const float RepeatPenalty = 1.1f;
    private const int PenaltyTokens = 64;
    private const uint RandomSeed = uint.MaxValue;

    public SamplerHandle NewChain(LlamaModel model)
    {
        var chain = LlamaApi.llama_sampler_chain_init(new SamplerChainParams { NoPerformanceCounters = 1 });
        LlamaApi.llama_sampler_chain_add(chain, LlamaApi.llama_sampler_init_penalties(
            model.VocabularySize, PenaltyTokens, RepeatPenalty, FrequencyPenalty ?? 0, PresencePenalty ?? 0));
        var temperature = Temperature ?? DefaultTemperature;
        if (temperature <= 0)
        {
            LlamaApi.llama_sampler_chain_add(chain, LlamaApi.llama_sampler_init_greedy());
            return chain;
        }

        LlamaApi.llama_sampler_chain_add(chain, LlamaApi.llama_sampler_init_top_k(TopK));
        LlamaApi.llama_sampler_chain_add(chain, LlamaApi.llama_sampler_init_top_p(TopP ?? DefaultTopP, 1));
        LlamaApi.llama_sampler_chain_add(chain, LlamaApi.llama_sampler_init_min_p(MinP, 1));
        LlamaApi.llama_sampler_chain_add(chain, LlamaApi.llama_sampler_init_temp(temperature));
        LlamaApi.llama_sampler_chain_add(chain, LlamaApi.llama_sampler_init_dist(Seed ?? RandomSeed));
        return chain;
    }
}
