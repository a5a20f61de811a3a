using Calango.Tests.Fixtures;

namespace Calango.Web.Tests.Plugins;

/// <summary>What <c>plugin new</c> and <c>plugin run</c> say to what they cannot do; nothing is written then.</summary>
public sealed class NewPluginTests : IDisposable
{
    private readonly string _folder = TestFolders.NewTemporary("author");

    public void Dispose() => TestFolders.Delete(_folder);

    [Theory]
    [InlineData("speech", "Calango has no contract for the kind 'speech' yet")]
    [InlineData("turn-filter", "There are: provider, embedder, tool, event-sink, storage, retriever.")]
    [InlineData("gadget", "There is no kind of plugin 'gadget'. There are: provider, embedder, tool, event-sink, storage, retriever.")]
    public async Task A_kind_without_a_contract_is_refused_with_those_that_there_are(string kind, string says) => await AssertRefusedAsync(says, "new", kind, "mine");

    [Theory]
    [InlineData("Reverse")]
    [InlineData("../reverse")]
    [InlineData("1st")]
    [InlineData("a--b")]
    public async Task A_name_that_is_no_id_is_refused(string name) => await AssertRefusedAsync($"'{name}' cannot be a plugin's id", "new", "provider", name);

    [Fact]
    public async Task A_folder_that_has_something_in_it_is_left_alone()
    {
        var there = Directory.CreateDirectory(Path.Combine(_folder, "mine"));
        var file = Path.Combine(there.FullName, "note.txt");
        await File.WriteAllTextAsync(file, "keep", TestContext.Current.CancellationToken);

        await AssertRefusedAsync("is there already and not empty", "new", "provider", "mine");

        Assert.Equal([file], Directory.GetFiles(there.FullName));
    }

    [Fact]
    public async Task The_sources_of_calango_are_no_place_for_it() => await AssertRefusedAsync(
        "lies within Calango's own sources", "new", "provider", "mine", "--folder", Path.Combine(TestFolders.Repository, "plugins", "mine"));

    [Fact]
    public async Task Without_a_packed_sdk_there_is_nothing_to_write_against() => await AssertRefusedAsync("has no packages of Calango.Sdk", "new", "provider", "mine", "--sdk", _folder);

    [Fact]
    public async Task Only_a_plugins_project_can_be_run() => await AssertRefusedAsync("is no plugin's project", "run", _folder);

    private async Task AssertRefusedAsync(string says, params string[] arguments)
    {
        var before = Directory.GetFileSystemEntries(_folder);
        string[] sdk = arguments[0] == "new" && !arguments.Contains("--sdk") ? ["--sdk", _folder] : [];
        var (exitCode, output, error) = await ServerProcess.RunAsync(_folder, [], TestContext.Current.CancellationToken, ["plugin", .. arguments, .. sdk]);

        Assert.Equal((1, ""), (exitCode, output));
        Assert.Contains(says, error, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFileSystemEntries(_folder));
    }
}
