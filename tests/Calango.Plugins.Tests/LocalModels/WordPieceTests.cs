using Calango.Plugins.LocalModels;
using Calango.Sdk;

namespace Calango.Plugins.Tests.LocalModels;

// Pieces by the rules that BERT's authors published; the numbers are those of MiniLM's vocabulary, and were compared with
// Hugging Face's tokenizers.
[Collection(MiniLm.Id)]
public sealed class WordPieceTests(MiniLm model)
{
    [Theory]
    [InlineData("Hello, World!", "7592 1010 2088 999")]
    [InlineData("unaffable", "14477 20961 3468")]
    [InlineData("antidisestablishmentarianism", "3424 10521 4355 7875 13602 3672 12199 2964")]
    [InlineData("Ação é não: coração", "9353 7113 1041 6583 2080 1024 17195 20808")]
    [InlineData("naïve café Ångström", "15743 7668 17076 15687")]
    [InlineData("e\u0301 E\u0301", "1041 1041")]
    [InlineData("İstanbul", "9960")]
    [InlineData("中文字 and 東京タワー", "1746 1861 100 1998 1879 1755 1709 30262 30265")]
    [InlineData("한국어", "1469 30006 30021 29991 30014 30020 29999 30008")]
    [InlineData("😀 smile", "100 2868")]
    [InlineData("𝒳 𠀀", "100 100")]
    [InlineData("x^2 + $5 `code`", "1060 1034 1016 1009 1002 1019 1036 3642 1036")]
    [InlineData("3.14%", "1017 1012 2403 1003")]
    [InlineData("don’t — “q”", "2123 1521 1056 1517 1523 1053 1524")]
    [InlineData("tab\tnew\nline\u00A0nbsp", "21628 2047 2240 1050 5910 2361")]
    [InlineData("zero\u200Bwidth\u00ADsoft", "5717 9148 11927 7898 15794")]
    [InlineData("ﬁne Ⅷ ½", "1984 2638 100 1092")]
    [InlineData("\u0000\uFFFD!", "999")]
    [InlineData("", "")]
    [InlineData(" \n ", "")]
    public async Task A_text_falls_into_the_pieces_of_the_vocabulary(string text, string pieces) => Assert.Equal(pieces, string.Join(' ', (await TokenizerAsync()).Encode(text)));

    [Fact]
    public async Task A_word_of_more_than_a_hundred_letters_is_unknown()
    {
        var tokenizer = await TokenizerAsync();

        Assert.Equal([100], tokenizer.Encode(new string('a', 101)));
        Assert.Equal(50, tokenizer.Encode(new string('a', 100)).Count);
    }

    [Fact]
    public async Task The_names_of_marks_are_words_like_others()
    {
        var tokenizer = await TokenizerAsync();

        Assert.DoesNotContain(tokenizer.End, tokenizer.Encode("the [SEP] end [CLS]"));
    }

    [Fact]
    public async Task Half_a_character_is_left_out() => Assert.Equal([1037, 1038], (await TokenizerAsync()).Encode("a \uD83D b"));

    [Fact]
    public void Another_kind_of_tokenizer_is_refused_by_its_name()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, """{"model":{"type":"Unigram","vocab":[]}}""");

        var refusal = Assert.Throws<ProviderException>(() => WordPieceTokenizer.Load(file));

        Assert.Equal(ProviderErrorKind.LocalModelUnavailable, refusal.Kind);
        Assert.Contains("Unigram", refusal.ServiceMessage, StringComparison.Ordinal);
        File.Delete(file);
    }

    private async Task<WordPieceTokenizer> TokenizerAsync()
    {
        await model.EmbedAsync();
        return WordPieceTokenizer.Load(Path.Combine(TinyLlama.Folder, "models", MiniLm.Id, "tokenizer.json"));
    }
}
