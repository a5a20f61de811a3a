using System.Net;
using System.Text.Json;
using Calango.Plugins.LocalModels.Worker;
using Calango.Plugins.LocalModels.Worker.Llama;
using Calango.Plugins.LocalModels.Worker.OpenAi;

if (WorkerOptions.Parse(args) is not { } options)
{
    await Console.Error.WriteLineAsync(WorkerOptions.Usage);
    return 64;
}

using var parent = new ParentProcess();
try
{
    using var model = LlamaModel.Load(options);
    using var generations = new GenerationQueue(model);

    var builder = WebApplication.CreateSlimBuilder();
    // Standard output carries one line, the address; errors go to standard error.
    builder.Logging.ClearProviders();
    builder.WebHost.ConfigureKestrel(kestrel =>
    {
        kestrel.AddServerHeader = false;
        kestrel.Listen(IPAddress.Loopback, 0);
    });
    builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(1));

    await using var app = builder.Build();
    app.UseBearerKey(options.Key);
    app.MapOpenAi(model, generations);

    await app.StartAsync(parent.Gone);
    await using var stop = parent.Gone.Register(app.Lifetime.StopApplication);
    var ready = new ReadyLine(app.Urls.First(), model.Device, model.GpuLayers, model.ContextTokens, model.FallbackReason);
    await Console.Out.WriteLineAsync(JsonSerializer.Serialize(ready, WorkerJson.Default.ReadyLine));
    await app.WaitForShutdownAsync(CancellationToken.None);
    return 0;
}
catch (LlamaException exception)
{
    // One line: the parent shows the last one.
    await Console.Error.WriteLineAsync(exception.Message.ReplaceLineEndings(" "));
    return 65;
}
