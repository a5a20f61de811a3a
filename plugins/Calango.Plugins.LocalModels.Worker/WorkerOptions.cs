using System.Globalization;

namespace Calango.Plugins.LocalModels.Worker;

internal sealed record WorkerOptions(
    string ModelPath, string LibraryFolder, int ContextTokens, int Layers, long LayerBytes, bool CpuOnly, string Key)
{
    // In the environment and not an argument: arguments are readable by every user of the machine.
    public const string KeyVariable = "CALANGO_WORKER_KEY";

    public const string Usage =
        "Usage: dotnet Calango.Plugins.LocalModels.Worker.dll --model FILE.gguf --libraries FOLDER --context TOKENS "
        + "[--layers COUNT --layer-bytes BYTES] [--cpu-only]; the key that callers must send is in " + KeyVariable + ".";

    public static WorkerOptions? Parse(string[] args)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i] == "--cpu-only")
            {
                values[args[i]] = "";
            }
            else if (args[i].StartsWith("--", StringComparison.Ordinal) && i + 1 < args.Length)
            {
                values[args[i]] = args[++i];
            }
            else
            {
                return null;
            }
        }

        return values.TryGetValue("--model", out var model)
            && values.TryGetValue("--libraries", out var libraries)
            && Number("--context") is > 0 and var context and <= int.MaxValue
            && Number("--layers") is >= 0 and var layers and <= int.MaxValue
            && Number("--layer-bytes") is >= 0 and var layerBytes
            && Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key
            ? new WorkerOptions(model, libraries, (int)context, (int)layers, layerBytes, values.ContainsKey("--cpu-only"), key)
            : null;

        long Number(string name) =>
            !values.TryGetValue(name, out var text) ? 0
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : -1;
    }
}
