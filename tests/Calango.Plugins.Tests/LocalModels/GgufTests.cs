using Calango.Sdk;

namespace Calango.Plugins.Tests.LocalModels;

public sealed class GgufTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_dropped_file_appears_with_what_its_head_says()
    {
        await using var host = new LocalModelsHost();
        await DropAsync(host, "my-model.gguf", GgufFile.Chat());

        var model = await host.ModelAsync("my-model.gguf");

        Assert.Equal("Small Chat (my-model)", model.Name);
        Assert.Equal(4096, model.ContextTokens);
        Assert.Equal(["en", "pt"], model.Languages);
        Assert.Null(model.DescriptionKey);
        // Four layers, two heads of 32, keys and values, two bytes each, for each token.
        Assert.True(model.MemoryBytes > 4096 * 4 * 2 * 32 * 2 * 2);
    }

    [Fact]
    public async Task A_dropped_file_can_run_once_the_libraries_are_here()
    {
        await using var registry = await ScriptedRegistry.StartAsync();
        var catalogue = new SmallCatalogue(registry).Catalogue;
        await using var host = new LocalModelsHost(catalogue, registry.Address);
        await DropAsync(host, "my-model.gguf", GgufFile.Chat());
        var before = await host.ModelAsync("my-model.gguf");

        await host.InstallAsync("my-model.gguf", Cancel);

        Assert.Equal((LocalModelState.Available, catalogue.Runtimes[0].Download.Bytes), (before.State, before.DownloadBytes));
        var after = await host.ModelAsync("my-model.gguf");
        Assert.Equal((LocalModelState.Installed, 0), (after.State, after.DownloadBytes));
    }

    [Fact]
    public async Task A_model_in_several_files_is_one_model_and_only_when_all_are_here()
    {
        await using var host = new LocalModelsHost();
        await DropAsync(host, "big-00001-of-00002.gguf", GgufFile.Chat());
        Assert.DoesNotContain(await host.Local.ListAsync(Cancel), model => model.Id.StartsWith("big", StringComparison.Ordinal));

        await DropAsync(host, "big-00002-of-00002.gguf", GgufFile.Chat());

        Assert.Single(await host.Local.ListAsync(Cancel), model => model.Id.StartsWith("big", StringComparison.Ordinal));
        await host.Local.RemoveAsync("big-00001-of-00002.gguf", Cancel);
        Assert.Empty(Directory.GetFiles(host.Models));
    }

    public static TheoryData<string, byte[]> BrokenFiles => new()
    {
        { "empty", [] },
        { "no GGUF", "PK\x3\x4 some other file that is long enough"u8.ToArray() },
        { "another magic", new GgufFile { Magic = 0x46554748 }.Bytes() },
        { "an old version", new GgufFile { Version = 1 }.Bytes() },
        { "a version of tomorrow", new GgufFile { Version = 4 }.Bytes() },
        { "more pairs than the file", new GgufFile { Pairs = ulong.MaxValue }.Bytes() },
        { "some more pairs than are there", new GgufFile { Pairs = 50 }.Text("general.architecture", "llama").Bytes() },
        { "more tensors than the file", new GgufFile { Tensors = ulong.MaxValue }.Bytes() },
        { "no tensors", new GgufFile { Tensors = 0 }.Text("general.architecture", "llama").Bytes() },
        { "no architecture", new GgufFile().Number("llama.context_length", 10).Bytes() },
        { "no layers", new GgufFile().Text("general.architecture", "llama").Number("llama.context_length", 10).Bytes() },
        { "a text longer than the file", new GgufFile().Pair("general.architecture", 8, BitConverter.GetBytes(ulong.MaxValue)).Bytes() },
        { "a text of a gigabyte", new GgufFile().Pair("general.architecture", 8, BitConverter.GetBytes(1_000_000_000ul)).Bytes() },
        { "a list longer than the file", new GgufFile().Pair("x", 9, [.. BitConverter.GetBytes(10u), .. BitConverter.GetBytes(ulong.MaxValue)]).Bytes() },
        { "texts more than the file", new GgufFile().Pair("x", 9, [.. BitConverter.GetBytes(8u), .. BitConverter.GetBytes(ulong.MaxValue / 8)]).Bytes() },
        { "a list of lists", new GgufFile().Pair("x", 9, [.. BitConverter.GetBytes(9u), .. BitConverter.GetBytes(3ul)]).Bytes() },
        { "a type nobody knows", new GgufFile().Pair("x", 77, []).Bytes() },
        { "a picture projector", GgufFile.Chat("clip") },
        { "an embedding model", GgufFile.Chat("nomic-bert") },
        { "a copy that is under way", GgufFile.Chat(padding: 0) },
    };

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public async Task A_file_that_is_no_chat_model_is_listed_nowhere(string what, byte[] content)
    {
        await using var host = new LocalModelsHost();
        await DropAsync(host, "good.gguf", GgufFile.Chat());
        await DropAsync(host, "broken.gguf", content);

        var ids = (await host.Local.ListAsync(Cancel)).Select(model => model.Id).ToList();

        Assert.Contains("good.gguf", ids);
        Assert.False(ids.Contains("broken.gguf"), what);
    }

    [Fact]
    public async Task No_damage_to_a_head_makes_the_list_fail()
    {
        await using var host = new LocalModelsHost();
        var random = new Random(1);
        for (var file = 0; file < 400; file++)
        {
            var content = GgufFile.Chat();
            for (var damage = random.Next(1, 6); damage > 0; damage--)
            {
                content[random.Next(content.Length)] = (byte)random.Next(256);
            }

            await DropAsync(host, $"{file}.gguf", content[..random.Next(content.Length)]);
        }

        Assert.NotEmpty(await host.Local.ListAsync(Cancel));
    }

    private static Task DropAsync(LocalModelsHost host, string name, byte[] content) =>
        File.WriteAllBytesAsync(Path.Combine(host.Models, name), content, Cancel);
}
