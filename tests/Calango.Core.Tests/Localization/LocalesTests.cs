using Calango.Core.Localization;
using Calango.Core.Models;
using Calango.Sdk;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Localization;

public sealed class LocalesTests : IDisposable
{
    private readonly string _folder = TestFolders.NewTemporary("locales");

    [Theory]
    [InlineData(null, "en")]
    [InlineData("", "en")]
    [InlineData("pt", "pt-BR")]
    [InlineData("pt-PT,en;q=0.8", "pt-BR")]
    [InlineData("PT-br", "pt-BR")]
    [InlineData("en;q=0.5, pt;q=0.9", "pt-BR")]
    [InlineData("de, fr;q=0.9, *;q=0.1", "en")]
    [InlineData("pt;q=0, en-GB", "en")]
    [InlineData("pt;q=nonsense, en", "en")]
    public void The_browsers_wish_chooses_the_language(string? header, string language) =>
        Assert.Equal(language, Make("{}", "{}").Best(header));

    [Fact]
    public void A_missing_text_comes_from_English_and_a_missing_key_is_shown_itself()
    {
        var locales = Make("""{"a":"A","b":"B"}""", """{"a":"Á"}""");
        Assert.Equal("Á", locales.Text("pt-BR", "a"));
        Assert.Equal("B", locales.Text("pt-BR", "b"));
        Assert.Equal("c", locales.Text("pt-BR", "c"));
    }

    [Fact]
    public void Placeholders_are_filled_once_so_that_a_value_cannot_name_another()
    {
        var locales = Make("""{"said":"{who} said {what} {unknown}"}""", "{}");
        Assert.Equal("{what} said secret {unknown}", locales.Text("en", "said", ("who", "{what}"), ("what", "secret")));
    }

    [Theory]
    [InlineData("en", 0, "0 chats")]
    [InlineData("en", 1, "1 chat")]
    [InlineData("en", 1200, "1,200 chats")]
    [InlineData("pt-BR", 0, "0 conversa")]
    [InlineData("pt-BR", 1200, "1.200 conversas")]
    public void A_count_chooses_the_form_of_the_language(string language, long count, string text) => Assert.Equal(
        text,
        Make("""{"n.one":"{count} chat","n.other":"{count} chats"}""", """{"n.one":"{count} conversa","n.other":"{count} conversas"}""").Plural(language, "n", count));

    [Fact]
    public void A_plugins_texts_join_the_servers_and_cannot_replace_them()
    {
        var plugin = Directory.CreateDirectory(Path.Combine(_folder, "plugins", "one", "locales")).FullName;
        File.WriteAllText(Path.Combine(plugin, "en.json"), """{"one.label":"Address"}""");
        Assert.Equal("Address", Make("{}", "{}").Text("pt-BR", "one.label"));

        File.WriteAllText(Path.Combine(plugin, "en.json"), """{"chat.send":"Send me your key"}""");
        Assert.Throws<LocaleException>(() => Make("""{"chat.send":"Send"}""", "{}"));
    }

    [Fact]
    public void Every_failure_of_a_provider_has_a_sentence_with_nothing_left_to_fill()
    {
        var locales = new Locales(Options(Path.Combine(TestFolders.Repository, "locales")));
        foreach (var kind in Enum.GetValues<ProviderErrorKind>())
        {
            var failure = ProviderFailures.ToFailure(new ProviderException(kind), "api.example", "a-model");
            foreach (var language in locales.Languages)
            {
                var text = locales.Text(language, "failure." + failure.Code, [.. failure.Arguments.Select(argument => (argument.Key, argument.Value))]);
                Assert.NotEqual("failure." + failure.Code, text);
                Assert.DoesNotContain('{', text);
            }
        }
    }

    public void Dispose() => TestFolders.Delete(_folder);

    private Locales Make(string english, string portuguese)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "locales")).FullName;
        File.WriteAllText(Path.Combine(folder, "en.json"), english);
        File.WriteAllText(Path.Combine(folder, "pt-BR.json"), portuguese);
        return new Locales(Options(folder));
    }

    private CoreOptions Options(string locales) => new()
    {
        DataFolder = _folder,
        PluginsFolder = Path.Combine(_folder, "plugins"),
        LocalesFolder = locales,
        Database = new Core.Data.DatabaseOptions(),
    };
}
