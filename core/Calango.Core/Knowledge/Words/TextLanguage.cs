namespace Calango.Core.Knowledge;

/// <summary>The languages whose words are stemmed.</summary>
public enum TextLanguage
{
    /// <summary>Another one, or too little text to say: words stay as they are.</summary>
    Other,

    /// <summary>English.</summary>
    English,

    /// <summary>Portuguese.</summary>
    Portuguese,
}

/// <summary>The short words that hold sentences together. They say which language a text is in, and nothing of what it is about.</summary>
internal static class FunctionWords
{
    private static readonly HashSet<string> English = Words(
        """
        a about above after again against all also am an and any are as at be because been before being below between both but by can could did do does
        doing down during each few for from further had has have having he her here hers him his how i if in into is it its itself just me more most my no
        nor not of off on once only or other our ours out over own same she should so some such than that the their theirs them then there these they this
        those through to too under until up very was we were what when where which while who whom whose why will with would you your yours
        """);

    private static readonly HashSet<string> Portuguese = Words(
        """
        a ao aos aquela aquelas aquele aqueles aquilo as ate com como da das de dela delas dele deles depois do dos e ela elas ele eles em entre era eram
        essa essas esse esses esta estao estas estava estavam este estes eu foi foram ha isso isto ja la lhe lhes mais mas me mesmo meu meus minha minhas
        muito na nas nao nem no nos nossa nossas nosso nossos num numa o onde os ou para pela pelas pelo pelos por porque qual quais quando quanto quantos
        que quem sao se seja sem ser sera seu seus so sobre sua suas tambem tem tinha um uma umas uns voce voces
        """);

    /// <summary>Whether a folded word is one of a language's; of <see cref="TextLanguage.Other"/>: of any.</summary>
    public static bool Has(TextLanguage language, string word) => language switch
    {
        TextLanguage.English => English.Contains(word),
        TextLanguage.Portuguese => Portuguese.Contains(word),
        _ => English.Contains(word) || Portuguese.Contains(word),
    };

    private static HashSet<string> Words(string words) => [.. words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
}
