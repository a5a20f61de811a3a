using System.Globalization;
using System.Text.RegularExpressions;
using Calango.Tests.Fixtures;

namespace Calango.Faults.Tests;

/// <summary>An author changes a plugin while a server runs it and somebody reads what it says.</summary>
public sealed partial class WorkshopTests
{
    private const int Pace = 50;

    // A build on a machine that does much else.
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(5);

    private static CancellationToken TestEnd => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_of_the_sources_is_swapped_in_and_cuts_no_answer_and_one_that_does_not_build_changes_nothing()
    {
        using var plugin = await AuthoredPlugin.NewAsync("provider", "reverse", TestEnd);
        var data = TestFolders.NewTemporary("data");
        await using var server = await ServerProcess.StartToDevelopAsync(plugin.Project, data);
        using var ana = server.Visit();
        var begun = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync("the plugin serves", () => Task.FromResult(Swaps(server) == 1), TestEnd, BuildLimit);
        var words = (int)((2 * TimeProvider.System.GetElapsedTime(begun) + TimeSpan.FromSeconds(10)) / TimeSpan.FromMilliseconds(Pace));
        var model = await ConnectAsync(ana);
        var source = Path.Combine(plugin.Sources, "ReverseChatClient.cs");
        var text = await File.ReadAllTextAsync(source, TestEnd);

        // Long enough to be read until the next version has been built and serves.
        var question = string.Join(' ', Enumerable.Range(0, words).Select(number => $"w{number}"));
        var reader = new PageReader(ana.Http, await AskAsync(ana, model, question));
        var reading = reader.FollowToTheEndAsync(TestEnd);
        await File.WriteAllTextAsync(source, text.Replace("return string.Concat(characters);", "return string.Concat(characters).ToUpperInvariant();", StringComparison.Ordinal), TestEnd);
        await Eventually.HoldsAsync("the changed plugin serves", () => Task.FromResult(Swaps(server) == 2), TestEnd, BuildLimit);
        Assert.False(reader.HasEnded);
        Assert.Equal("OLLEH", await AnswerAsync(server, model, "hello"));
        await reading;
        Assert.Equal("Complete", reader.State);
        Assert.Equal(new string([.. question.Reverse()]), reader.Text.TrimEnd('\n'));

        await File.WriteAllTextAsync(source, "no code", TestEnd);
        await Eventually.HoldsAsync("it is said that it doesn't build", () => Task.FromResult(server.Log.Any(line => line.StartsWith("It does not build.", StringComparison.Ordinal))), TestEnd, BuildLimit);
        Assert.Contains(server.Log, line => line.Contains("error CS", StringComparison.Ordinal));
        Assert.Equal("OLLEH", await AnswerAsync(server, model, "hello"));
        Assert.Equal(0, await server.TerminateAsync(TestEnd));
        TestFolders.Delete(data);
    }

    private static int Swaps(ServerProcess server) => server.Log.Count(line => Served().IsMatch(line));

    private static async Task<string> ConnectAsync(Visitor visitor)
    {
        await visitor.PostAsync("/models/titles", TestEnd, ("_method", "PUT"), ("Mode", "Off"));
        var page = await visitor.PostAsync(
            "/models/connections/new", TestEnd,
            ("ProviderId", "reverse"), ("Name", "Backwards"), ("Values[pace]", Pace.ToString(CultureInfo.InvariantCulture)), ("FirstTokenSeconds", "60"), ("BetweenTokensSeconds", "60"), ("WholeTurnSeconds", "1800"));
        return ModelValue().Match(page.DocumentElement.OuterHtml).Value;
    }

    private static Task<AngleSharp.Html.Dom.IHtmlDocument> AskAsync(Visitor visitor, string model, string text) =>
        visitor.PostAsync("/messages", TestEnd, ("Text", text), ("ClientMessageId", $"{Guid.CreateVersion7()}"), ("Model", model));

    private static async Task<string> AnswerAsync(ServerProcess server, string model, string text)
    {
        using var visitor = server.Visit();
        var reader = new PageReader(visitor.Http, await AskAsync(visitor, model, text));
        await reader.FollowToTheEndAsync(TestEnd);
        return reader.Text.TrimEnd('\n');
    }

    [GeneratedRegex(@"^reverse 1\.0\.0-dev\.[0-9]+ serves\.$")]
    private static partial Regex Served();

    [GeneratedRegex("[0-9a-f]{32}/reverse")]
    private static partial Regex ModelValue();
}
