using System.Collections;
using Calango.Core.Plugins;
using Calango.Web.Configuration;
using Calango.Web.Hosting;
using Calango.Web.Plugins;

var environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value);
try
{
    DevelopedPlugin? developed = null;
    switch (args)
    {
        case ["config", .. var question]:
            ConfigCommand.Run(question, environment, Console.Out);
            return 0;
        case ["plugin", "run", .. var project]:
            developed = PluginCommand.ToRun(project, environment);
            break;
        case ["plugin", .. var task]:
            PluginCommand.Run(task, Console.Out);
            return 0;
        case [var unknown, ..]:
            throw new StartRefusedException($"The server takes no argument '{unknown}'; docs/configuration.md says how it is set up.");
    }

    await using var app = CalangoHost.Build(environment, developed);
    app.Services.GetRequiredService<PluginHost>().WatchProcess();
    var stopping = app.Lifetime.ApplicationStopping;
    try
    {
        await app.RunAsync();
    }
    catch (Exception cancelled) when (stopping.IsCancellationRequested && IsCancellation(cancelled))
    {
        // Asked to stop before it had started, or it took longer to stop than it may: what was stored last is kept.
    }

    return 0;
}
catch (Exception failure) when (StartFailure.LineOf(failure) is { } line)
{
    await Console.Error.WriteLineAsync(line);
    return 1;
}

// The host gathers what its services threw.
static bool IsCancellation(Exception exception) =>
    exception is OperationCanceledException || (exception is AggregateException several && several.InnerExceptions.All(IsCancellation));
