using System.Globalization;
using Calango.Core;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Web.Hosting;

/// <summary>
/// Says once, to whoever starts the server at a terminal, that a small model would find passages by what they mean. It asks
/// nothing, since a question would hold up the start, and downloads nothing.
/// </summary>
internal static class EmbedderNote
{
    private const string Mark = "embedder-note";

    public static async Task WriteAsync(IServiceProvider services, string address, TextWriter output)
    {
        var mark = Path.Combine(services.GetRequiredService<CoreOptions>().DataFolder, Mark);
        if (File.Exists(mark) || await SmallEmbedderAsync(services) is not { } model)
        {
            return;
        }

        var size = (model.DownloadBytes / 1_000_000).ToString(CultureInfo.InvariantCulture);
        await output.WriteLineAsync($"With a small model of {size} MB, which runs on this computer, documents are found by what they mean and not only by their words: {address.TrimEnd('/')}/models/embedders");
        await File.WriteAllTextAsync(mark, "");
    }

    // Null: there is an embedder already, or this server runs none.
    private static async Task<LocalModel?> SmallEmbedderAsync(IServiceProvider services)
    {
        try
        {
            return (await services.GetRequiredService<EmbeddingModels>().ListAsync(CancellationToken.None)).Count > 0 ? null
                : (await services.GetRequiredService<LocalModelInstaller>().ListAsync(CancellationToken.None))
                    .FirstOrDefault(model => model is { Purpose: LocalModelPurpose.Embedding, State: LocalModelState.Available, DescriptionKey: not null });
        }
        catch (PluginFault)
        {
            return null;
        }
    }
}
