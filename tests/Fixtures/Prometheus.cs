using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Calango.Tests.Fixtures;

/// <summary>Debian's Prometheus: a server that scrapes a server under test, and the strict check of its format.</summary>
public sealed partial class Prometheus : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Lifeline _lifeline;
    private readonly string _folder;

    private Prometheus(Process process, string folder, Uri address)
    {
        (_process, _folder) = (process, folder);
        _lifeline = new Lifeline(process);
        Http = new HttpClient { BaseAddress = address };
    }

    /// <summary>Why there is none to test with; null if there is.</summary>
    public static string? WhyNot => File.Exists("/usr/bin/prometheus") ? null : "Prometheus is not installed (Debian package prometheus).";

    /// <summary>To ask it.</summary>
    public HttpClient Http { get; }

    /// <summary>Starts one that scrapes this server's /metrics several times a second.</summary>
    public static async Task<Prometheus> ScrapeAsync(Uri server, CancellationToken cancellationToken)
    {
        var folder = TestFolders.NewTemporary("prometheus");
        var configuration = Path.Combine(folder, "prometheus.yml");
        await File.WriteAllTextAsync(configuration, $"""
            scrape_configs:
              - job_name: calango
                scrape_interval: 200ms
                scrape_timeout: 200ms
                static_configs:
                  - targets: ["{server.Authority}"]
            """, cancellationToken);
        var process = Process.Start(new ProcessStartInfo("prometheus",
            [$"--config.file={configuration}", $"--storage.tsdb.path={folder}/data", "--web.listen-address=127.0.0.1:0"])
        { RedirectStandardError = true })!;
        while (await process.StandardError.ReadLineAsync(cancellationToken) is { } line)
        {
            if (Listening().Match(line) is { Success: true } match)
            {
                _ = process.StandardError.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
                var prometheus = new Prometheus(process, folder, new Uri($"http://{match.Groups["address"].Value}"));
                await Eventually.HoldsAsync("Prometheus is ready", prometheus.IsReadyAsync, cancellationToken);
                return prometheus;
            }
        }

        throw new InvalidOperationException("Prometheus did not start.");
    }

    /// <summary>What promtool finds wrong with a page of metrics; empty: nothing.</summary>
    public static async Task<string> CheckAsync(string metrics, CancellationToken cancellationToken)
    {
        using var promtool = Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await promtool.StandardInput.WriteAsync(metrics.AsMemory(), cancellationToken);
        promtool.StandardInput.Close();
        var output = promtool.StandardOutput.ReadToEndAsync(cancellationToken);
        var findings = await promtool.StandardError.ReadToEndAsync(cancellationToken) + await output;
        await promtool.WaitForExitAsync(cancellationToken);
        return promtool.ExitCode == 0 ? findings : $"Exit code {promtool.ExitCode}. {findings}";
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _lifeline.Dispose();
        _process.Dispose();
        Http.Dispose();
        TestFolders.Delete(_folder);
    }

    private async Task<bool> IsReadyAsync()
    {
        using var answer = await Http.GetAsync("/-/ready");
        return answer.IsSuccessStatusCode;
    }

    [GeneratedRegex("""msg="Listening on" address=(?<address>\S+)""", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Listening();
}
