using Calango.Sdk;

namespace Calango.Plugins.Tests.LocalModels;

// The real model, from a cache that outlives the tests: CALANGO_TEST_MODELS names its folder. With
// CALANGO_TEST_MODELS_FETCH=1 a missing one is downloaded by the plugin itself, 330 MB; otherwise its tests are skipped.
public sealed class TinyLlama : IAsyncLifetime
{
    public const string Id = "tinyllama-1.1b-chat";

    private LocalModelsHost? _host;

    public async ValueTask InitializeAsync()
    {
        _host = NewHost();
        if (!await IsInstalledAsync() && Environment.GetEnvironmentVariable("CALANGO_TEST_MODELS_FETCH") == "1")
        {
            await _host.InstallAsync(Id, TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await _host!.DisposeAsync();

    // A host of the test's own over the shared files, or a skip.
    internal async Task<LocalModelsHost> HostAsync()
    {
        Assert.SkipUnless(await IsInstalledAsync(), "TinyLlama is not in the cache: set CALANGO_TEST_MODELS_FETCH=1 once.");
        return NewHost();
    }

    internal static string Folder { get; } = Environment.GetEnvironmentVariable("CALANGO_TEST_MODELS")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache", "calango", "models");

    private static LocalModelsHost NewHost() => new(folder: Folder);

    private async Task<bool> IsInstalledAsync() => (await _host!.ModelAsync(Id)).State == LocalModelState.Installed;
}
