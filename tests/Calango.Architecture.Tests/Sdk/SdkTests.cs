using System.Reflection;
using Calango.Sdk;
using Calango.Tests.Fixtures;

namespace Calango.Architecture.Tests.Sdk;

/// <summary>The contract's promise: it only grows, and its pages say what it is.</summary>
public sealed class SdkTests
{
    private const string HowToWrite = "CALANGO_TEST_WRITES";

    private static readonly string Page = Path.Combine(TestFolders.Repository, "docs/sdk-reference.md");
    private static readonly string Released = Path.Combine(TestFolders.Repository, "core/Calango.Sdk/released.txt");

    private static readonly Assembly Contract = typeof(IPlugin).Assembly;
    private static readonly string[] Before = ["IOne | interface IOne", "IOne | abstract void Do(int what)", "Two | sealed record Two", "IPluginBuilder | interface IPluginBuilder", "Kind | Three = 3"];

    [Fact]
    public void Nothing_that_was_released_is_gone_or_changed_or_asks_more_of_plugins() => Rule.IsBrokenByNone(Surface.Breaks(ReleasedLines(), Surface.Of(Contract)));

    [Fact]
    public void A_contract_that_has_grown_has_a_later_version()
    {
        WriteIfAsked("release", Released, $"# Calango.Sdk {Contract.GetName().Version!.ToString(3)}, as it was released. ./calango sdk release writes it.\n{string.Join('\n', Surface.Of(Contract))}\n");
        var version = Version.Parse(File.ReadLines(Released).First().Split(' ', ',')[2]);

        var grown = Surface.Of(Contract).Except(ReleasedLines()).ToList();

        Assert.True(
            grown.Count == 0 || Contract.GetName().Version! >= new Version(version.Major, version.Minor + 1, 0, 0),
            $"Calango.Sdk has grown since {version}. A server of {version} lacks what is new, and plugins must be able to ask for it: in core/Calango.Sdk and core/Calango.Sdk.Testing raise Version and AssemblyVersion to {version.Major}.{version.Minor + 1}.0. As long as {version} was not published, this takes it in instead: ./calango sdk release\n{string.Join('\n', grown)}");
    }

    [Fact]
    public void The_reference_is_of_this_contract()
    {
        var page = ReferencePage.Of(Contract, Path.ChangeExtension(Assemblies.Sdk.MainModule.FileName, ".xml"));
        WriteIfAsked("release", Page, page);
        WriteIfAsked("page", Page, page);

        Assert.True(File.Exists(Page) && File.ReadAllText(Page) == page, "docs/sdk-reference.md does not describe this Calango.Sdk. This writes it anew: ./calango sdk page");
    }

    [Theory]
    [InlineData("IOne | abstract void Do(int what)", "IOne | abstract void Do(long what)")]
    [InlineData("IOne | abstract void Do(int what)", "IOne | abstract void Do(int why)")]
    [InlineData("Two | sealed record Two", null)]
    [InlineData("Kind | Three = 3", "Kind | Three = 4")]
    [InlineData(null, "IOne | abstract void DoMore()")]
    [InlineData(null, "Two | required string Name { get; init; }")]
    public void What_plugins_of_before_could_not_live_with_is_a_break(string? gone, string? come) => Assert.NotEmpty(Surface.Breaks(Before, Changed(gone, come)));

    [Theory]
    [InlineData("IOne | abstract void Do(int what)", "IOne | virtual void Do(int what)")]
    [InlineData(null, "IOne | virtual void DoMore()")]
    [InlineData(null, "IPluginBuilder | abstract IPluginBuilder AddMore()")]
    [InlineData(null, "INew | abstract void Do()")]
    [InlineData(null, "Kind | Four = 4")]
    public void What_they_need_not_know_of_is_none(string? gone, string? come) => Assert.Empty(Surface.Breaks(Before, Changed(gone, come)));

    private static string[] Changed(string? gone, string? come) => [.. Before.Where(line => line != gone), .. come is null ? Array.Empty<string>() : [come]];

    private static List<string> ReleasedLines() => [.. File.ReadLines(Released).Skip(1)];

    private static void WriteIfAsked(string what, string file, string text)
    {
        if (Environment.GetEnvironmentVariable(HowToWrite) == what)
        {
            File.WriteAllText(file, text);
        }
    }
}
