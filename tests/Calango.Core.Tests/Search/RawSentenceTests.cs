using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Search;

/// <summary>Sentences as people type them, against answers that stand among thousands of messages made of the same frequent words.</summary>
public sealed class RawSentenceTests
{
    // More than are ranked of a frequent word, so that the words of a question are frequent ones.
    private const int OtherMessages = 3_100;

    private static readonly (string Question, string Answer)[] Set =
    [
        ("how do I renew my passport in Brazil?", "In Brazil the Federal Police issue it: renew a **passport** on their site, pay the fee, then book a visit."),
        ("what is the best way to get rid of ants in the kitchen?", "Ants follow a trail: wash it away with vinegar and close the gap by the kitchen window."),
        ("why does my sourdough not rise when it is cold?", "Cold slows the yeast: sourdough needs about 25 degrees to rise within four hours."),
        ("can you tell me how to undo the last commit in git?", "`git reset --soft HEAD~1` takes the last commit back and keeps your changes."),
        ("what did we say about the budget for the Lisbon office?", "For Lisbon we agreed on 40,000 a year; the budget of the office is reviewed in May."),
        ("how many people can live on Mars?", "Nobody knows; a colony on Mars would need water, and a dome for a hundred people at most."),
        ("what is the difference between a lizard and a salamander?", "A lizard is a reptile with dry scales; a salamander is an amphibian with a moist skin."),
        ("how do I center a div with CSS?", "```css\n.parent { display: grid; place-items: center }\n```\nputs a div in the middle."),
        ("is it safe to take ibuprofen with paracetamol?", "Most adults may take ibuprofen and paracetamol together; ask a pharmacist if you take others."),
        ("which of the planets has the most moons?", "Saturn: 274 known moons, more than all other planets together."),
        ("can I use a heat pump in an old house?", "Yes, a heat pump works in old buildings too if the radiators are large enough."),
        ("what do I do when the server says too many open files?", "Raise the limit: `ulimit -n 65536`, or LimitNOFILE in the unit, cures *too many open files*."),
        ("como eu faço para tirar a segunda via da certidão de nascimento?", "A certidão de nascimento sai no cartório em que foi feita; a segunda via pode ser pedida pela internet."),
        ("qual é a melhor época para plantar tomate no sul do país?", "No sul, o tomate se planta de setembro a novembro, depois da última geada."),
        ("o que é que o juiz disse sobre a liberdade de expressão?", "O juiz decidiu que a liberdade de expressão protege também a sátira."),
        ("por que o céu é azul e não é verde?", "O ar espalha mais a luz azul: por isso o céu tem essa cor durante o dia."),
        ("wie kann ich in der Schweiz ein Velo mit dem Zug mitnehmen?", "Ein Velo braucht im Zug ein eigenes Billett; in der Schweiz ist im Sommer oft zu reservieren."),
        ("pourquoi est-ce que le fromage de chèvre fond si mal?", "Le fromage de chèvre a peu de calcium lié: il devient mou, mais il ne fond pas."),
        ("как мне сварить борщ без мяса?", "Борщ без мяса варят на грибном бульоне: свёкла, капуста, фасоль."),
        ("東京でいちばん高い塔は何ですか？", "東京スカイツリーは634メートルの塔です。"),
        ("كيف أتعلم اللغة العربية بسرعة؟", "تعلم اللغة العربية يحتاج إلى قراءة يومية ومحادثة."),
        ("תוכל להגיד לי איך מכינים חומוס בבית?", "חומוס ביתי: להשרות גרגרים לילה, לבשל ולטחון עם טחינה."),
        ("ελληνική σαλάτα πώς την κάνω;", "Η ελληνική σαλάτα θέλει ντομάτα, αγγούρι, φέτα και ελιές."),
        ("हिंदी में नमस्ते कैसे लिखते हैं?", "हिंदी में नमस्ते देवनागरी लिपि में लिखते हैं।"),
    ];

    private static readonly string[] Frequent =
    [
        "how", "do", "i", "in", "the", "my", "is", "what", "to", "of", "a", "can", "you", "me", "it", "when", "does", "we", "about", "for", "with", "that", "and", "way", "best",
        "como", "eu", "para", "da", "de", "o", "que", "qual", "é", "no", "e", "não", "por", "wie", "kann", "ich", "der", "ein", "est", "le", "si", "как", "мне", "без",
        "です", "は", "何", "في", "إلى", "את", "το", "में", "है", "take", "use", "old", "last", "many", "people", "use", "say", "tell",
    ];

    [EachDatabase]
    public async Task A_raw_sentence_finds_its_answer_among_thousands_of_messages_with_its_frequent_words(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        var random = new Random(7);
        var others = Enumerable.Range(0, OtherMessages).Select(i => $"{string.Join(' ', random.GetItems(Frequent, 60))} number{i}").ToArray();
        await chats.AddAsync(null, others[..(OtherMessages / 2)]);
        await chats.AddAsync(null, [.. Set.Select(pair => pair.Answer)]);
        await chats.AddAsync(null, others[(OtherMessages / 2)..]);
        var answers = new Dictionary<string, Guid>(StringComparer.Ordinal);
        foreach (var (_, answer) in Set)
        {
            answers[answer] = await chats.MessageAsync(answer);
        }

        var missed = new List<string>();
        foreach (var (question, answer) in Set)
        {
            var hits = (await chats.FindAsync(question)).Hits;
            if (hits.Count == 0 || hits[0].MessageId != answers[answer])
            {
                missed.Add($"{question} → {string.Join(" / ", hits.Take(2).Select(hit => hit.Snippet))}");
            }
        }

        Assert.Empty(missed);
    }

    [EachDatabase]
    public async Task A_sentence_of_frequent_words_alone_still_finds_something(DatabaseKind kind)
    {
        await using var chats = await SearchableChats.CreateAsync(kind);
        await chats.AddAsync(null, [.. Enumerable.Repeat("how do you do it", OtherMessages)]);

        Assert.Equal(20, (await chats.FindAsync("how do you do it?")).Hits.Count);
    }
}
