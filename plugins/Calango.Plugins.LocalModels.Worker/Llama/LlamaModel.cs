using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Calango.Plugins.LocalModels.Worker.Llama;

// The weights and the one context that answers are computed in. Tokenizing may run on any thread; Context is for the
// generation thread alone.
internal sealed unsafe class LlamaModel : IDisposable
{
    private const int BatchTokens = 512;
    private readonly ModelHandle _model;
    private readonly nint _vocabulary;
    private readonly int* _abort;

    private LlamaModel(WorkerOptions options, ModelHandle model, Device? gpu, int gpuLayers, string? fallbackReason)
    {
        _model = model;
        _vocabulary = LlamaApi.llama_model_get_vocab(model);
        _abort = (int*)NativeMemory.AllocZeroed(sizeof(int));
        Name = Path.GetFileName(options.ModelPath);
        Device = gpu?.Description ?? "CPU";
        GpuLayers = gpuLayers;
        FallbackReason = fallbackReason;
        Context = NewContext(options.ContextTokens);
        ContextTokens = (int)LlamaApi.llama_n_ctx(Context);
        Template = Marshal.PtrToStringUTF8((nint)LlamaApi.llama_model_chat_template(model, null));
        EndText = TextOf(LlamaApi.llama_vocab_eos(_vocabulary));
        ControlTexts = FindControlTexts();
    }

    public string Name { get; }

    public string Device { get; }

    public int GpuLayers { get; }

    public string? FallbackReason { get; }

    public int ContextTokens { get; }

    public ContextHandle Context { get; }

    public int VocabularySize => LlamaApi.llama_vocab_n_tokens(_vocabulary);

    // The model's own, in Jinja; llama.cpp knows the family of a template by its text.
    public string? Template { get; }

    public string EndText { get; }

    // The texts that the tokenizer turns into control tokens, e.g. "</s>".
    public IReadOnlyList<string> ControlTexts { get; }

    public static LlamaModel Load(WorkerOptions options)
    {
        LlamaLibrary.Load(options.LibraryFolder);
        var gpu = options.CpuOnly ? null : Llama.Device.Found().Where(device => device.IsGpu).MaxBy(device => device.FreeBytes);
        var layers = gpu?.LayersThatFit(options.Layers, options.LayerBytes) ?? 0;
        string? reason = null;
        if (gpu is not null && layers == 0)
        {
            reason = $"{gpu.Description} has too little free memory for this model.";
        }
        else if (gpu is not null && LoadWeights(options.ModelPath, layers) is { IsInvalid: false } onGpu)
        {
            return new LlamaModel(options, onGpu, gpu, layers, null);
        }
        else if (gpu is not null)
        {
            reason = $"{gpu.Description} did not load this model.";
        }

        var weights = LoadWeights(options.ModelPath, 0);
        return weights.IsInvalid
            ? throw new LlamaException($"{Path.GetFileName(options.ModelPath)} cannot be loaded by this release of llama.cpp.")
            : new LlamaModel(options, weights, null, 0, reason);
    }

    public int[] Tokenize(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            var needed = -LlamaApi.llama_tokenize(_vocabulary, start, bytes.Length, null, 0, addSpecial: 1, parseSpecial: 1);
            var tokens = new int[Math.Max(needed, 0)];
            fixed (int* room = tokens)
            {
                var count = LlamaApi.llama_tokenize(_vocabulary, start, bytes.Length, room, tokens.Length, addSpecial: 1, parseSpecial: 1);
                return count == tokens.Length ? tokens : throw new LlamaException("The prompt could not be tokenized.");
            }
        }
    }

    public bool EndsAnswer(int token) => LlamaApi.llama_vocab_is_eog(_vocabulary, token) != 0;

    // A piece may be part of a character; control tokens have none.
    public byte[] Piece(int token)
    {
        Span<byte> buffer = stackalloc byte[128];
        var length = WritePiece(token, buffer);
        if (length >= 0)
        {
            return buffer[..length].ToArray();
        }

        var piece = new byte[-length];
        WritePiece(token, piece);
        return piece;
    }

    // May be called from any thread while a decode runs; the CPU backend looks at it between operations.
    public void Abort(bool requested) => Volatile.Write(ref Unsafe.AsRef<int>(_abort), requested ? 1 : 0);

    public void Dispose()
    {
        Context.Dispose();
        _model.Dispose();
        NativeMemory.Free(_abort);
    }

    private static ModelHandle LoadWeights(string path, int gpuLayers)
    {
        var parameters = LlamaApi.llama_model_default_params();
        parameters.GpuLayers = gpuLayers;
        nint none = 0;
        // An empty list, unlike none at all, keeps every GPU out.
        parameters.Devices = gpuLayers == 0 ? &none : null;
        return LlamaApi.llama_model_load_from_file(path, parameters);
    }

    private ContextHandle NewContext(int contextTokens)
    {
        var threads = PhysicalCores.Count();
        var parameters = LlamaApi.llama_context_default_params();
        parameters.ContextTokens = (uint)contextTokens;
        parameters.BatchTokens = BatchTokens;
        parameters.MicroBatchTokens = BatchTokens;
        parameters.Threads = threads;
        parameters.BatchThreads = threads;
        parameters.AbortCallback = &AbortRequested;
        parameters.AbortCallbackData = _abort;
        var context = LlamaApi.llama_init_from_model(_model, parameters);
        return context.IsInvalid ? throw new LlamaException($"A window of {contextTokens} tokens does not fit in memory.") : context;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte AbortRequested(void* data) => (byte)Volatile.Read(ref Unsafe.AsRef<int>(data));

    private string TextOf(int token) =>
        token < 0 ? "" : Marshal.PtrToStringUTF8((nint)LlamaApi.llama_vocab_get_text(_vocabulary, token)) ?? "";

    private List<string> FindControlTexts()
    {
        var texts = new List<string>();
        for (var token = 0; token < VocabularySize; token++)
        {
            if (LlamaApi.llama_vocab_is_control(_vocabulary, token) != 0 && TextOf(token) is { Length: > 2 } text)
            {
                texts.Add(text);
            }
        }

        return texts;
    }

    private int WritePiece(int token, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return LlamaApi.llama_token_to_piece(_vocabulary, token, start, buffer.Length, leftStrip: 0, special: 0);
        }
    }
}
