using System.Net;
using System.Security.Cryptography;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>A disk that fills up, and gets room again.</summary>
public sealed class FullDiskTests
{
    private static CancellationToken CancellationToken => TestContext.Current.CancellationToken;

    [EachDatabase]
    public async Task R04_A_database_disk_that_fills_in_mid_answer_refuses_messages_and_loses_nothing(DatabaseKind kind)
    {
        Assert.SkipWhen(SmallDisk.WhyNot is not null, SmallDisk.WhyNot ?? "");
        await using var disk = await SmallDisk.MountAsync(megabytes: kind == DatabaseKind.Sqlite ? 16 : 64, owner: kind == DatabaseKind.Sqlite ? null : "postgres");
        await FaultRuns.RunAsync(kind, FaultRuns.Count(brief: 1, full: 5), async (installation, run) =>
        {
            using var tab = await installation.OpenTabAsync(CancellationToken);
            var sent = await tab.SendAsync($"Run {run}: count [[n=300 r=50]]", cancellationToken: CancellationToken);
            var reader = tab.Read(sent.Page);
            var following = reader.FollowToTheEndAsync(CancellationToken);
            await Eventually.HoldsAsync("it is read", () => Task.FromResult(PageReader.WordsOf(reader.Text) > 50), CancellationToken);

            disk.Fill();
            var (large, message, refused) = await SendUntilRefusedAsync(tab, run);
            Assert.Contains("The disk is full", refused.Page.Body!.TextContent, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.InsufficientStorage, refused.Status);
            Assert.Equal(HttpStatusCode.InsufficientStorage, await ChangeUntilRefusedAsync(tab, sent.ConversationId));
            await AssertReadableAsync(tab, sent.ConversationId);
            await Eventually.HoldsAsync("all of the answer has come", () => Task.FromResult(PageReader.WordsOf(reader.Text) == 300), CancellationToken);

            disk.MakeRoom();
            await following;
            Assert.Equal("Complete", reader.State);
            var again = await tab.TrySendAsync(large, conversationId: null, message, CancellationToken);
            Assert.Equal(HttpStatusCode.OK, again.Status);
            await tab.Read(again.Page).FollowToTheEndAsync(CancellationToken);
        }, new Conditions { DatabaseDisk = disk });
    }

    [EachDatabase]
    public async Task R04_Without_room_for_temporary_files_nothing_is_missing(DatabaseKind kind)
    {
        Assert.SkipWhen(SmallDisk.WhyNot is not null, SmallDisk.WhyNot ?? "");
        await using var disk = await SmallDisk.MountAsync(megabytes: 1);
        disk.Fill();
        await FaultRuns.RunAsync(kind, async installation =>
        {
            using var tab = await installation.OpenTabAsync(CancellationToken);
            var sent = await tab.SendAsync(new string('y', 300_000), cancellationToken: CancellationToken);
            await tab.Read(sent.Page).FollowToTheEndAsync(CancellationToken);
            // What comes as a file is kept in one until it is read.
            using var form = new MultipartFormDataContent { { new ByteArrayContent(new byte[300_000]), "Text", "text" } };
            using var response = await tab.PostAsync($"/chat/{sent.ConversationId}/messages", form, CancellationToken);
            Assert.Equal(HttpStatusCode.InsufficientStorage, response.StatusCode);
            await AssertReadableAsync(tab, sent.ConversationId);
        }, new Conditions { Settings = new Dictionary<string, string?> { ["TMPDIR"] = disk.Folder, ["ASPNETCORE_TEMP"] = disk.Folder } });
    }

    [EachDatabase]
    public async Task R04_A_log_that_cannot_be_written_stops_nobody_and_goes_on_when_there_is_room(DatabaseKind kind)
    {
        Assert.SkipWhen(SmallDisk.WhyNot is not null, SmallDisk.WhyNot ?? "");
        await using var disk = await SmallDisk.MountAsync(megabytes: 1);
        disk.Fill();
        var log = Path.Combine(disk.Folder, "log");
        await FaultRuns.RunAsync(kind, async installation =>
        {
            using var tab = await installation.OpenTabAsync(CancellationToken);
            await BreakSomethingAsync(installation, tab);
            var sent = await tab.SendAsync("Is anybody there?", cancellationToken: CancellationToken);
            var reader = tab.Read(sent.Page);
            await reader.FollowToTheEndAsync(CancellationToken);
            Assert.Equal("Complete", reader.State);
            Assert.Equal(0, new FileInfo(log).Length);

            disk.MakeRoom();
            await BreakSomethingAsync(installation, tab);
            await Eventually.HoldsAsync("the log has lines again", () => Task.FromResult(new FileInfo(log).Length > 0), CancellationToken);
            Assert.Equal(0, await installation.Server.TerminateAsync(CancellationToken));
            await installation.RestartAsync();
        }, new Conditions { LogFile = log });
    }

    [EachDatabase]
    public async Task R04_A_data_folder_without_room_at_the_first_start_is_named_and_can_be_helped(DatabaseKind kind)
    {
        Assert.SkipWhen(SmallDisk.WhyNot is not null, SmallDisk.WhyNot ?? "");
        await using var disk = await SmallDisk.MountAsync(megabytes: 8);
        await FaultRuns.RunAsync(kind, 1, async _ =>
        {
            await using var database = await TestDatabase.CreateAsync(kind);
            disk.Fill();
            var refused = await ServerProcess.RefusalAsync(database, disk.Folder, [], CancellationToken).WaitAsync(Eventually.Limit, CancellationToken);
            Assert.Equal(1, refused.ExitCode);
            Assert.Contains("no room", refused.Error, StringComparison.Ordinal);
            Assert.Single(refused.Error.Trim().Split('\n'));

            disk.MakeRoom();
            await using var server = await ServerProcess.StartAsync(database, disk.Folder);
            using var visitor = server.Visit();
            await visitor.GetAsync("/", CancellationToken);
            return [];
        });
    }

    // Some room is there still, where the database has files that it writes anew: a message that fits is taken.
    private static async Task<(string Text, Guid Message, Sent Refused)> SendUntilRefusedAsync(Tab tab, int run)
    {
        while (true)
        {
            var (text, message) = ($"Run {run} {Incompressible(300_000)}", Guid.CreateVersion7());
            if (await tab.TrySendAsync(text, conversationId: null, message, CancellationToken) is { Status: not HttpStatusCode.OK } refused)
            {
                return (text, message, refused);
            }
        }
    }

    private static async Task<HttpStatusCode> ChangeUntilRefusedAsync(Tab tab, Guid chat)
    {
        while (true)
        {
            using var change = await tab.PostAsync($"/chat/{chat}/settings", CancellationToken, ("_method", "PUT"), ("SystemPrompt", Incompressible(90_000)));
            if (!change.IsSuccessStatusCode)
            {
                return change.StatusCode;
            }
        }
    }

    // PostgreSQL stores small what it can make small.
    private static string Incompressible(int length) => Convert.ToHexString(RandomNumberGenerator.GetBytes(length / 2));

    // Each time there is a line for the log: an answer that cannot be stored.
    private static async Task BreakSomethingAsync(Installation installation, Tab tab)
    {
        var sent = await tab.SendAsync("Break [[n=20 r=20]]", cancellationToken: CancellationToken);
        var reader = tab.Read(sent.Page);
        var following = reader.FollowToTheEndAsync(CancellationToken);
        await using var away = await installation.TakeDatabaseAwayAsync();
        await Eventually.HoldsAsync("it cannot be stored", () => Task.FromResult(reader.Progress.Exists(
            line => line.Contains("cannot be stored", StringComparison.Ordinal))), CancellationToken);
        await away.ReturnAsync();
        await following;
    }

    private static async Task AssertReadableAsync(Tab tab, Guid chat)
    {
        string[] paths = ["/", $"/chat/{chat}", "/search?q=count", "/models"];
        foreach (var path in paths)
        {
            using var page = await tab.Http.GetAsync(path, CancellationToken);
            Assert.True(page.IsSuccessStatusCode, $"{path} was answered {page.StatusCode}.");
        }
    }
}
