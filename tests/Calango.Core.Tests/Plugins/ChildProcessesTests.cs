using Calango.Core.Plugins;
using Calango.Sdk;
using Microsoft.Extensions.Logging.Abstractions;

namespace Calango.Core.Tests.Plugins;

public sealed class ChildProcessesTests
{
    private const string Shell = "/bin/sh";

    [Fact]
    public async Task A_child_sees_nothing_of_the_servers_environment()
    {
        Environment.SetEnvironmentVariable("CALANGO_TEST_SECRET", "sk-secret");
        var lines = new List<string>();
        await using var children = new ChildProcesses(NullLogger.Instance);

        var child = children.Start(new ChildProcessStart("/usr/bin/env", [], new Dictionary<string, string> { ["OWN"] = "yes" }, lines.Add));

        Assert.Equal(0, await child.Exited);
        Assert.Contains("OWN=yes", lines);
        Assert.DoesNotContain(lines, line => line.Split('=')[0] is not ("OWN" or "PATH" or "HOME" or "DOTNET_ROOT"));
    }

    [Fact]
    public async Task A_child_hears_of_its_end_by_its_standard_input()
    {
        await using var children = new ChildProcesses(NullLogger.Instance);
        var (child, ready) = StartShell(children, "trap '' TERM; echo ready; cat; exit 7");
        await ready;

        await child.StopAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(7, await child.Exited);
    }

    [Fact]
    public async Task A_child_that_will_not_end_is_killed_after_its_grace()
    {
        await using var children = new ChildProcesses(NullLogger.Instance);
        var (child, ready) = StartShell(children, "trap '' TERM; echo ready; while :; do sleep 60; done");
        await ready;

        await child.StopAsync(TimeSpan.FromMilliseconds(50));

        Assert.Equal(137, await child.Exited);
    }

    [Fact]
    public async Task No_child_outlives_the_generation_that_started_it()
    {
        var children = new ChildProcesses(NullLogger.Instance);
        var (child, ready) = StartShell(children, "trap '' TERM; echo ready; while :; do sleep 60; done");
        await ready;

        await children.DisposeAsync();

        Assert.True(child.Exited.IsCompleted);
    }

    [Fact]
    public async Task The_first_and_the_last_words_of_a_child_are_kept()
    {
        await using var children = new ChildProcesses(NullLogger.Instance);
        var child = children.Start(new ChildProcessStart(Shell, ["-c", "for i in $(seq 30); do echo line $i >&2; done; exit 3"]));

        Assert.Equal(3, await child.Exited);
        Assert.Equal(Enumerable.Range(1, 5).Concat(Enumerable.Range(16, 15)).Select(number => $"line {number}"), child.LastErrors);
    }

    [Fact]
    public async Task A_line_without_an_end_does_not_fill_the_memory()
    {
        var lines = new List<string>();
        await using var children = new ChildProcesses(NullLogger.Instance);
        var child = children.Start(new ChildProcessStart(Shell, ["-c", "head -c 10000000 /dev/zero | tr '\\0' x; echo; echo next"], OnOutputLine: lines.Add));

        Assert.Equal(0, await child.Exited);
        Assert.Equal([4096, 4], lines.Select(line => line.Length));
    }

    [Theory]
    [InlineData("/no/such/program")]
    [InlineData("sh")]
    public async Task A_program_that_is_not_there_is_refused_and_PATH_is_not_searched(string program)
    {
        await using var children = new ChildProcesses(NullLogger.Instance);
        Assert.Throws<ChildProcessException>(() => children.Start(new ChildProcessStart(program, [])));
    }

    private static (IChildProcess Child, Task Ready) StartShell(ChildProcesses children, string script)
    {
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return (children.Start(new ChildProcessStart(Shell, ["-c", script], OnOutputLine: _ => ready.TrySetResult())), ready.Task);
    }
}
