using System.Runtime.CompilerServices;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Tests.LocalModelsDouble;

/// <summary>
/// Models whose ids say how their installation goes: <c>quick</c> comes whole, <c>slow</c> stops at its half until it is
/// cancelled and then goes on, <c>damaged</c> has a wrong checksum, <c>broken</c> throws what it should not. What is here
/// is a file in the models folder. A running model is at the address in the data folder's file <c>address</c>; each
/// endpoint given back leaves a line in <c>released</c>. The file <c>vectors</c> is an embedder: its vector is a text's length.
/// </summary>
public sealed class PretendedModels(PluginContext context) : ILocalModels, IEmbeddingProvider
{
    private const string Embedder = "vectors";
    private const long Whole = 100;
    private static readonly string[] Catalogue = ["quick", "slow", "damaged", "broken"];

    /// <inheritdoc/>
    public LocalDevices Devices { get; } = new("CPU", ["CPU"], 0, null);

    /// <inheritdoc/>
    public Task<IReadOnlyList<LocalModel>> ListAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<LocalModel>>(
        [.. Catalogue.Union(Directory.GetFiles(context.ModelsFolder, "*.gguf").Select(Path.GetFileNameWithoutExtension)).Select(id => Describe(id!))]);

    /// <inheritdoc/>
    public async IAsyncEnumerable<InstallProgress> InstallAsync(string modelId, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        switch (modelId)
        {
            case "damaged":
                throw new LocalModelException(LocalModelErrorKind.ChecksumMismatch, "another SHA-256");
            case "broken":
                throw new InvalidOperationException("should not happen");
            case "slow" when !File.Exists(HalfOf(modelId)):
                await File.WriteAllTextAsync(HalfOf(modelId), "", cancellationToken);
                yield return new InstallProgress(InstallStage.Downloading, Whole / 2, Whole);
                await Task.Delay(Timeout.Infinite, cancellationToken);
                break;
        }

        yield return new InstallProgress(InstallStage.Downloading, Whole, Whole);
        yield return new InstallProgress(InstallStage.Verifying, Whole, Whole);
        await File.WriteAllTextAsync(FileOf(modelId), "", cancellationToken);
        yield return new InstallProgress(InstallStage.Installed, Whole, Whole);
    }

    /// <inheritdoc/>
    public Task RemoveAsync(string modelId, CancellationToken cancellationToken)
    {
        File.Delete(FileOf(modelId));
        File.Delete(HalfOf(modelId));
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task<int> RemoveAbandonedAsync(DateTimeOffset since, CancellationToken cancellationToken)
    {
        var abandoned = Directory.GetFiles(context.ModelsFolder, "*.half").Where(half => File.GetLastWriteTimeUtc(half) < since).ToList();
        abandoned.ForEach(File.Delete);
        return Task.FromResult(abandoned.Count);
    }

    /// <inheritdoc/>
    public async Task<ILocalEndpoint> AcquireAsync(string modelId, int? contextTokens, CancellationToken cancellationToken) =>
        new Endpoint(new Uri(await File.ReadAllTextAsync(Path.Combine(context.DataFolder, "address"), cancellationToken)), Path.Combine(context.DataFolder, "released"));

    /// <inheritdoc/>
    public IEmbeddingGenerator<string, Embedding<float>> ConnectEmbeddings(string modelId, SettingsValues settings) =>
        File.Exists(FileOf(modelId)) ? new Lengths() : throw new ProviderException(ProviderErrorKind.ModelNotFound);

    /// <inheritdoc/>
    public Task<IReadOnlyList<EmbeddingModelInfo>> ListEmbeddingModelsAsync(SettingsValues settings, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<EmbeddingModelInfo>>(File.Exists(FileOf(Embedder)) ? [new EmbeddingModelInfo(Embedder, "Vectors", 100, 1, "lengths/1", ["en"], OnPremises: true)] : []);

    private LocalModel Describe(string id) => new(
        id, id, null, ["en"], "MIT", Whole, Whole, 2048,
        File.Exists(FileOf(id)) ? LocalModelState.Installed : File.Exists(HalfOf(id)) ? LocalModelState.Partial : LocalModelState.Available,
        File.Exists(HalfOf(id)) ? Whole / 2 : 0)
    { Purpose = id == Embedder ? LocalModelPurpose.Embedding : LocalModelPurpose.Chat };

    private string FileOf(string id) => Path.Combine(context.ModelsFolder, id + ".gguf");

    private string HalfOf(string id) => Path.Combine(context.ModelsFolder, id + ".half");

    private sealed class Lengths : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(text => new Embedding<float>(new float[] { text.Length }))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }

    private sealed class Endpoint(Uri address, string released) : ILocalEndpoint
    {
        public Uri Address => address;

        public string Key => "local-key";

        public async ValueTask DisposeAsync() => await File.AppendAllTextAsync(released, "released\n");
    }
}
