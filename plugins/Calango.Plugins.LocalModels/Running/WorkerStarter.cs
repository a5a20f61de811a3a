using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Calango.Sdk;
using Microsoft.Extensions.Logging;

namespace Calango.Plugins.LocalModels;

// Starts a worker for one model and waits until it answers.
internal sealed class WorkerStarter(
    PluginContext context, IChildProcesses processes, RuntimeLibraries libraries, TimeProvider time, ILogger<WorkerStarter> log)
{
    // The weights of a large model on a slow disk.
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(3);

    public async Task<WorkerProcess> StartAsync(ShelfModel model, int contextTokens, CancellationToken cancellationToken)
    {
        if (libraries.Choice.UsesGpu)
        {
            try
            {
                return await StartAsync(model, contextTokens, cpuOnly: false, cancellationToken);
            }
            catch (ProviderException failure) when (failure.Kind == ProviderErrorKind.LocalModelUnavailable)
            {
                // A driver that ends the process must not leave a machine without its model.
                libraries.Choice.FailedOnGpu($"{libraries.Choice.Devices.Chosen} failed: {failure.ServiceMessage}");
                log.LogWarning("{Device}; models run on the CPU from now on", libraries.Choice.Devices.FallbackReason);
            }
        }

        return await StartAsync(model, contextTokens, cpuOnly: true, cancellationToken);
    }

    private async Task<WorkerProcess> StartAsync(ShelfModel model, int contextTokens, bool cpuOnly, CancellationToken cancellationToken)
    {
        var key = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        var ready = new TaskCompletionSource<WorkerReady>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = Start(Arguments(model, contextTokens, cpuOnly), key, line => TakeReady(line, ready));
        try
        {
            using var limit = new CancellationTokenSource(StartLimit, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken, context.Stopping);
            var first = await Task.WhenAny(ready.Task, process.Exited).WaitAsync(either.Token);
            if (first != ready.Task)
            {
                throw Unavailable(process.LastErrors.LastOrDefault(line => !string.IsNullOrWhiteSpace(line)) ?? "The worker ended without a word.");
            }

            var worker = new WorkerProcess(process, await ready.Task, key);
            libraries.Choice.Runs(worker.Ready.Device, worker.Ready.GpuLayers, worker.Ready.FallbackReason);
            log.LogInformation("{Model} runs on {Device} with {Tokens} tokens, process {Process}", model.Id, worker.Ready.Device, worker.Ready.ContextTokens, process.Id);
            return worker;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && !context.Stopping.IsCancellationRequested)
        {
            await process.DisposeAsync();
            throw Unavailable("The worker did not answer in time.");
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    private IChildProcess Start(IReadOnlyList<string> arguments, string key, Action<string> onLine)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["CALANGO_WORKER_KEY"] = key };
        if (libraries.Choice.LibraryFolders is { Count: > 0 } folders)
        {
            environment["LD_LIBRARY_PATH"] = string.Join(Path.PathSeparator, folders);
        }

        try
        {
            return processes.Start(new ChildProcessStart(DotNet(), arguments, environment, onLine));
        }
        catch (ChildProcessException exception)
        {
            throw Unavailable(exception.Message);
        }
    }

    private string[] Arguments(ShelfModel model, int contextTokens, bool cpuOnly) =>
    [
        Path.Combine(context.InstallFolder, "worker", "Calango.Plugins.LocalModels.Worker.dll"),
        "--model", model.Path,
        "--libraries", libraries.Folder,
        "--context", contextTokens.ToString(CultureInfo.InvariantCulture),
        "--layers", model.Header.Layers.ToString(CultureInfo.InvariantCulture),
        "--layer-bytes", model.LayerBytes.ToString(CultureInfo.InvariantCulture),
        .. cpuOnly ? ["--cpu-only"] : Array.Empty<string>(),
    ];

    // The one that runs this server: shared/Microsoft.NETCore.App/10.0.0 lies three levels below it.
    private static string DotNet() => Path.GetFullPath(Path.Combine(
        RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));

    private static void TakeReady(string line, TaskCompletionSource<WorkerReady> ready)
    {
        try
        {
            if (JsonSerializer.Deserialize(line, WorkerReadyJson.Default.WorkerReady) is { Address: not null } worker)
            {
                ready.TrySetResult(worker);
            }
        }
        catch (JsonException)
        {
            // A library's own chatter.
        }
    }

    private static ProviderException Unavailable(string reason) => new(ProviderErrorKind.LocalModelUnavailable, reason);
}

internal sealed record WorkerReady(Uri Address, string Device, int GpuLayers, int ContextTokens, string? FallbackReason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WorkerReady))]
internal sealed partial class WorkerReadyJson : JsonSerializerContext;
