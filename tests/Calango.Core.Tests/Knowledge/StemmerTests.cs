using Calango.Core.Knowledge;

namespace Calango.Core.Tests.Knowledge;

/// <summary>The stems that Snowball's own vocabularies give; of Portuguese words with their diacritics folded.</summary>
public sealed class StemmerTests
{
    [Theory]
    [InlineData("consignment", "consign")]
    [InlineData("consistency", "consist")]
    [InlineData("consolation", "consol")]
    [InlineData("knackeries", "knackeri")]
    [InlineData("knightly", "knight")]
    [InlineData("generously", "generous")]
    [InlineData("generate", "generat")]
    [InlineData("hopping", "hop")]
    [InlineData("hoping", "hope")]
    [InlineData("ponies", "poni")]
    [InlineData("ties", "tie")]
    [InlineData("agreed", "agre")]
    [InlineData("dying", "die")]
    [InlineData("sky", "sky")]
    [InlineData("skies", "sky")]
    [InlineData("yes", "yes")]
    [InlineData("boy", "boy")]
    [InlineData("relational", "relat")]
    [InlineData("adjustable", "adjust")]
    [InlineData("is", "is")]
    public void English(string word, string stem) => Assert.Equal(stem, EnglishStemmer.Stem(word));

    [Theory]
    [InlineData("boa", "boa")]
    [InlineData("boainain", "boainain")]
    [InlineData("boas", "boas")]
    [InlineData("bobagem", "bobag")]
    [InlineData("bobagens", "bobagens")]
    [InlineData("bobalhoes", "bobalho")]
    [InlineData("quilometros", "quilometr")]
    [InlineData("quimica", "quimic")]
    [InlineData("quinzena", "quinzen")]
    [InlineData("informacao", "inform")]
    [InlineData("informacoes", "inform")]
    [InlineData("rapidamente", "rapid")]
    [InlineData("felicidade", "felic")]
    [InlineData("pesquisadores", "pesquis")]
    [InlineData("responsaveis", "respons")]
    [InlineData("ate", "ate")]
    public void Portuguese(string word, string stem) => Assert.Equal(stem, PortugueseStemmer.Stem(word));

    [Theory]
    [InlineData("The lizard sleeps in the sun, and it is not afraid of us.", TextLanguage.English)]
    [InlineData("O lagarto dorme ao sol, e não tem medo de nós.", TextLanguage.Portuguese)]
    [InlineData("Lagarto sol", TextLanguage.Other)]
    [InlineData("1.5e-7,2e5 1.5e-7,2e5 1.5e-7,2e5", TextLanguage.Other)]
    [InlineData("Die Eidechse schläft und hat keine Angst", TextLanguage.Other)]
    public void The_short_words_tell_the_language(string text, TextLanguage language) => Assert.Equal(language, WordAnalysis.LanguageOf(text));
}
