using Calango.Core.Search;

namespace Calango.Core.Tests.Search;

public sealed class SnippetTests
{
    [Fact]
    public void It_shows_the_place_with_most_of_the_words()
    {
        var text = $"passport {new string('a', 400)} {string.Join(' ', Enumerable.Repeat("filler", 60))} to renew a passport in Brazil {string.Join(' ', Enumerable.Repeat("filler", 60))}";

        var snippet = Snippet.Of(text, SearchTerm.Of("renew passport Brazil"));

        Assert.Contains("to \u0001renew\u0002 a \u0001passport\u0002 in \u0001Brazil\u0002 filler", snippet, StringComparison.Ordinal);
        Assert.StartsWith("…filler", snippet, StringComparison.Ordinal);
        Assert.EndsWith("filler…", snippet, StringComparison.Ordinal);
        Assert.InRange(snippet.Length, 100, 200);
    }

    [Fact]
    public void It_is_one_line_and_a_text_cannot_forge_a_match() =>
        Assert.Equal(
            "one fake \u0001two\u0002 three", Snippet.Of("one\n\n \u0001fake\u0002 \u0001two\u0002\tthree", SearchTerm.Of("two")));

    [Fact]
    public void A_pair_of_surrogates_stays_whole()
    {
        var text = $"word{string.Concat(Enumerable.Repeat("😀", 300))}";

        var snippet = Snippet.Of(text, SearchTerm.Of("word"));

        Assert.Equal(snippet, System.Text.Encoding.UTF8.GetString(System.Text.Encoding.UTF8.GetBytes(snippet)));
    }

    [Theory]
    [InlineData("Ação, reação!", "acao reacao")]
    [InlineData("snake_case camelCase 3.14", "snake case camelcase 3 14")]
    [InlineData("東京 タワー", "東 京 タ ワ ー")]
    [InlineData("a😀b \uD83D x", "a b x")]
    [InlineData("ﬁle Ⅷ ½ ㎏ \u0301", "file")]
    [InlineData("naı̈ve STRASSE ÉCOLE", "naıve strasse ecole")]
    public void A_text_is_read_as_these_words(string text, string expected)
    {
        var read = new List<string>();
        var words = new SearchWords(text);
        while (words.Read())
        {
            Assert.NotEqual(words.Start, words.End);
            read.Add(words.Word.ToString());
        }

        Assert.Equal(expected, string.Join(' ', read));
    }
}
