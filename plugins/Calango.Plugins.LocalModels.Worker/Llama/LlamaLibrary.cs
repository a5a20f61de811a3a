using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Calango.Plugins.LocalModels.Worker.Llama;

// Finds the shared libraries in the folder that was named, whatever version stands in their file names.
internal static unsafe class LlamaLibrary
{
    public const string Llama = "llama";
    public const string Ggml = "ggml";
    public const string GgmlBase = "ggml-base";

    private const int WarningLevel = 3;
    private const int ErrorLevel = 4;

    public static void Load(string folder)
    {
        NativeLibrary.SetDllImportResolver(typeof(LlamaLibrary).Assembly, (name, _, _) => Resolve(folder, name));
        try
        {
            CheckLayout();
            LlamaApi.llama_log_set(&Log, null);
            LlamaApi.llama_backend_init();
            // One library per processor generation lies there: ggml loads the best that this processor can run.
            LlamaApi.ggml_backend_load_all_from_path(folder);
        }
        catch (Exception exception) when (exception is DllNotFoundException or EntryPointNotFoundException or BadImageFormatException)
        {
            throw new LlamaException($"The llama.cpp libraries in {folder} cannot be loaded: {exception.Message}");
        }
    }

    private static nint Resolve(string folder, string name)
    {
        var (prefix, extension) = OperatingSystem.IsWindows() ? ("", ".dll") : OperatingSystem.IsMacOS() ? ("lib", ".dylib") : ("lib", ".so");
        var start = prefix + name + ".";
        var path = Directory.EnumerateFiles(folder).FirstOrDefault(file =>
            Path.GetFileName(file).StartsWith(start, StringComparison.Ordinal) && file.EndsWith(extension, StringComparison.Ordinal));
        return path is null ? throw new DllNotFoundException($"{start}*{extension} is missing") : NativeLibrary.Load(path);
    }

    // Parameters go by value, so a release with another layout would read garbage. Its defaults give it away.
    private static void CheckLayout()
    {
        var model = LlamaApi.llama_model_default_params();
        var context = LlamaApi.llama_context_default_params();
        var known = Unsafe.SizeOf<ModelParams>() == 80 && Unsafe.SizeOf<ContextParams>() == 160
            && model is { GpuLayers: -1, SplitMode: 1, LoadMode: -1, MainGpu: 0, VocabularyOnly: 0, UseExtraBufferTypes: 1 }
            && context is
            {
                ContextTokens: 512, BatchTokens: 2048, MicroBatchTokens: 512, MaxSequences: 1, MaxOutputsPerSequence: 1,
                RopeScalingType: -1, PoolingType: -1, AttentionType: -1, FlashAttentionType: -1,
                YarnExtrapolation: -1f, DefragmentThreshold: -1f, KeyType: 1, ValueType: 1,
                Embeddings: 0, OffloadKeyValues: 1, NoPerformanceCounters: 1,
            };
        if (!known)
        {
            throw new LlamaException("These llama.cpp libraries are of a release that this worker does not know.");
        }
    }

    // Warnings and errors only: the parent keeps the last lines to say why a model did not start.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Log(int level, byte* text, void* data)
    {
        if (level is WarningLevel or ErrorLevel)
        {
            Console.Error.Write(Marshal.PtrToStringUTF8((nint)text));
        }
    }
}
