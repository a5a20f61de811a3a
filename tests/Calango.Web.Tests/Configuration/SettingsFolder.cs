using Calango.Tests.Fixtures;
using Calango.Web.Hosting;

namespace Calango.Web.Tests.Configuration;

/// <summary>A folder in which an operator starts the server, with or without a file of settings.</summary>
internal sealed class SettingsFolder : IDisposable
{
    public string Path { get; } = TestFolders.NewTemporary("settings");

    /// <summary>The file that is found there without being named.</summary>
    public string File => System.IO.Path.Combine(Path, "calango.yml");

    public Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) => RunAsync([], arguments);

    public Task<(int ExitCode, string Output, string Error)> RunAsync((string Name, string Value)[] variables, params string[] arguments) =>
        ServerProcess.RunAsync(Path, variables.Select(variable => KeyValuePair.Create(variable.Name, (string?)variable.Value)), TestContext.Current.CancellationToken, arguments);

    /// <summary>What a server that is started on the file in this process says in its refusal; a process for each of many mistakes would take minutes.</summary>
    public string Refusal(params (string Name, string Value)[] variables)
    {
        var environment = variables.Append(("CALANGO_CONFIG", File)).Append(("CALANGO_DATA", Path)).ToDictionary(variable => variable.Item1, variable => (string?)variable.Item2);
        return Assert.Throws<StartRefusedException>(() => CalangoHost.Build(environment)).Message;
    }

    public void Dispose() => TestFolders.Delete(Path);
}
