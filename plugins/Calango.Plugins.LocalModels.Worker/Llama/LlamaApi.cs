using System.Runtime.InteropServices;

namespace Calango.Plugins.LocalModels.Worker.Llama;

// The part of llama.cpp's C interface that a chat needs: include/llama.h and ggml/include/ggml-backend.h of releases
// v0.4.0 and v0.5.0, whose layouts are equal. LlamaLibrary.CheckLayout refuses any other.
internal static unsafe partial class LlamaApi
{
    private const string Llama = LlamaLibrary.Llama;
    private const string Ggml = LlamaLibrary.Ggml;
    private const string GgmlBase = LlamaLibrary.GgmlBase;

    [LibraryImport(Llama)] public static partial void llama_backend_init();
    [LibraryImport(Llama)] public static partial void llama_log_set(delegate* unmanaged[Cdecl]<int, byte*, void*, void> callback, void* data);
    [LibraryImport(Llama)] public static partial ModelParams llama_model_default_params();
    [LibraryImport(Llama)] public static partial ContextParams llama_context_default_params();

    [LibraryImport(Llama, StringMarshalling = StringMarshalling.Utf8)]
    public static partial ModelHandle llama_model_load_from_file(string path, ModelParams parameters);
    [LibraryImport(Llama)] public static partial void llama_model_free(nint model);
    [LibraryImport(Llama)] public static partial nint llama_model_get_vocab(ModelHandle model);
    [LibraryImport(Llama)] public static partial byte* llama_model_chat_template(ModelHandle model, byte* name);

    [LibraryImport(Llama)] public static partial ContextHandle llama_init_from_model(ModelHandle model, ContextParams parameters);
    [LibraryImport(Llama)] public static partial void llama_free(nint context);
    [LibraryImport(Llama)] public static partial uint llama_n_ctx(ContextHandle context);
    [LibraryImport(Llama)] public static partial void llama_set_n_threads(ContextHandle context, int threads, int batchThreads);
    [LibraryImport(Llama)] public static partial nint llama_get_memory(ContextHandle context);
    [LibraryImport(Llama)] public static partial void llama_memory_clear(nint memory, byte data);
    [LibraryImport(Llama)] public static partial byte llama_memory_seq_rm(nint memory, int sequence, int from, int to);
    [LibraryImport(Llama)] public static partial Batch llama_batch_get_one(int* tokens, int count);
    [LibraryImport(Llama)] public static partial int llama_decode(ContextHandle context, Batch batch);

    [LibraryImport(Llama)] public static partial int llama_vocab_n_tokens(nint vocab);
    [LibraryImport(Llama)] public static partial int llama_vocab_eos(nint vocab);
    [LibraryImport(Llama)] public static partial byte* llama_vocab_get_text(nint vocab, int token);
    [LibraryImport(Llama)] public static partial byte llama_vocab_is_control(nint vocab, int token);
    [LibraryImport(Llama)] public static partial byte llama_vocab_is_eog(nint vocab, int token);
    [LibraryImport(Llama)]
    public static partial int llama_tokenize(nint vocab, byte* text, int length, int* tokens, int room, byte addSpecial, byte parseSpecial);
    [LibraryImport(Llama)]
    public static partial int llama_token_to_piece(nint vocab, int token, byte* buffer, int length, int leftStrip, byte special);
    [LibraryImport(Llama)]
    public static partial int llama_chat_apply_template(byte* template, ChatMessage* chat, nuint count, byte addAssistant, byte* buffer, int length);

    [LibraryImport(Llama)] public static partial SamplerHandle llama_sampler_chain_init(SamplerChainParams parameters);
    [LibraryImport(Llama)] public static partial void llama_sampler_chain_add(SamplerHandle chain, nint sampler);
    [LibraryImport(Llama)] public static partial nint llama_sampler_init_greedy();
    [LibraryImport(Llama)] public static partial nint llama_sampler_init_top_k(int k);
    [LibraryImport(Llama)] public static partial nint llama_sampler_init_top_p(float p, nuint minKeep);
    [LibraryImport(Llama)] public static partial nint llama_sampler_init_min_p(float p, nuint minKeep);
    [LibraryImport(Llama)] public static partial nint llama_sampler_init_temp(float temperature);
    [LibraryImport(Llama)] public static partial nint llama_sampler_init_dist(uint seed);
    [LibraryImport(Llama)]
    public static partial nint llama_sampler_init_penalties(int vocabularySize, int lastTokens, float repeat, float frequency, float presence);
    [LibraryImport(Llama)] public static partial int llama_sampler_sample(SamplerHandle chain, ContextHandle context, int index);
    [LibraryImport(Llama)] public static partial void llama_sampler_free(nint sampler);

    [LibraryImport(Ggml, StringMarshalling = StringMarshalling.Utf8)]
    public static partial void ggml_backend_load_all_from_path(string folder);
    [LibraryImport(Ggml)] public static partial nuint ggml_backend_dev_count();
    [LibraryImport(Ggml)] public static partial nint ggml_backend_dev_get(nuint index);
    [LibraryImport(GgmlBase)] public static partial int ggml_backend_dev_type(nint device);
    [LibraryImport(GgmlBase)] public static partial byte* ggml_backend_dev_name(nint device);
    [LibraryImport(GgmlBase)] public static partial byte* ggml_backend_dev_description(nint device);
    [LibraryImport(GgmlBase)] public static partial void ggml_backend_dev_memory(nint device, out nuint free, out nuint total);
}
