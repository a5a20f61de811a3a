using System.Diagnostics;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Calango.Tests.Fixtures;
using Calango.Tests.Support.Upstream;
using Calango.Web.Tests.Models;

namespace Calango.Web.Tests.Chat;

/// <summary>A server that is killed while tools are at work.</summary>
public sealed class ToolCrashTests
{
    private static readonly string Servers = Path.Combine(TestFolders.Repository, "tests", "McpServers");

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task A_kill_while_a_call_waits_interrupts_both_calls_nothing_again_and_leaves_no_program_behind(DatabaseKind kind)
    {
        Assert.SkipUnless(Directory.Exists(Path.Combine(Servers, "node_modules")), "The servers are not installed; ./calango test does it.");
        await using var upstream = await ScriptedUpstream.StartAsync();
        await using var database = await TestDatabase.CreateAsync(kind);
        var data = TestFolders.NewTemporary("tool-crash");
        string chat;
        int program;
        await using (var first = await ServerProcess.StartAsync(database, data))
        {
            using var ana = first.Visit();
            var start = await ana.PostAsync("/models/connections/new", TestEnd, ConnectionFields.Of(upstream.Address.ToString()));
            var model = start.QuerySelector("[name=Model]")!.GetAttribute("value")!;
            await ana.PostAsync("/models/titles", TestEnd, ("_method", "PUT"), ("Mode", "Off"));
            await ana.PostAsync("/tool-servers/new/mcp", TestEnd, ("Name", "Growing"), ("IsOn", "true"), ("Values[transport]", "stdio"), ("Values[command]", "node"), ("Values[arguments]", $"\"{Servers}/growing.mjs\""));
            foreach (var select in (await ana.GetAsync("/tools", TestEnd)).QuerySelectorAll<IHtmlSelectElement>("select").Where(select => select.GetAttribute("aria-labelledby") == "tool-process"))
            {
                await ana.PostAsync("/tools", TestEnd, (select.Name!, "Always"));
            }

            upstream.Enqueue(
                new UpstreamReply { Text = "Who are you?", Tool = "process", ToolArguments = "{}" },
                new UpstreamReply { Text = "Now die.", Tool = "die", ToolArguments = "{}", CallsAgain = true });
            var box = (await ana.GetAsync("/chat/new/settings", TestEnd)).QuerySelectorAll(".tools-choice label").Single(label => label.TextContent.Contains("Growing", StringComparison.Ordinal));
            await ana.PostAsync("/messages", TestEnd, ("Text", "Go"), ("Model", model), ("Tools", box.QuerySelector("input")!.GetAttribute("value")!));
            chat = ana.Path;
            IHtmlDocument page = null!;
            await Eventually.HoldsAsync("it is asked", async () => (page = await ana.GetAsync(chat, TestEnd)).QuerySelector("[data-ask]") is not null, TestEnd);
            program = int.Parse(page.QuerySelectorAll(".tool-use pre")[1].TextContent, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Contains("calango_tool_calls_total{", await ana.MetricsAsync(TestEnd), StringComparison.Ordinal);
            await first.KillAsync();
        }

        await Eventually.HoldsAsync("the program is gone", () => Task.FromResult(IsGone(program)), TestEnd);
        await using var second = await ServerProcess.StartAsync(database, data);
        using var later = second.Visit();
        IHtmlDocument ended = null!;
        await Eventually.HoldsAsync("it is interrupted", async () => (ended = await later.GetAsync(chat, TestEnd)).QuerySelector("[data-state=Interrupted].message") is not null, TestEnd);
        Assert.Equal(["Done", "Interrupted"], ended.QuerySelectorAll(".tool-use").Select(use => use.GetAttribute("data-state")));
        Assert.Equal(2, upstream.Requests.Count);
        TestFolders.Delete(data);
    }

    private static bool IsGone(int processId)
    {
        try
        {
            return Process.GetProcessById(processId).HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
    }
}
