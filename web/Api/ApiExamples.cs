namespace Calango.Web.Api;

/// <summary>An example of each operation, as the document shows them.</summary>
internal static class ApiExamples
{
    private const string ShareJson =
        """{"id":"019ac3a0-9999-7c33-ad44-be55cf66da77","chatId":"019ac3a0-54d1-7a5e-b0a1-5a1f7c2d9e10","url":"https://chat.example/s/mD3xkq7Zr0o9l2uYw5sVhT8cB1nE4aJ6fGpQiRtXyLk","isLive":false,"hasPassword":true,"createdAt":"2026-11-28T10:00:00+00:00","expiresAt":"2026-12-28T10:00:00+00:00","views":3,"viewedAt":"2026-11-28T11:00:00+00:00"}""";

    private const string ModelJson = """{"id":"gpt-5-mini","object":"model","created":0,"owned_by":"openai"}""";

    private const string ChatJson =
        """{"id":"019ac3a0-54d1-7a5e-b0a1-5a1f7c2d9e10","title":"Where lizards sleep","createdAt":"2026-11-28T10:00:00+00:00","activeAt":"2026-11-28T10:05:00+00:00","model":"gpt-5-mini","systemPrompt":null,"temperature":null,"maxOutputTokens":null,"isPinned":true,"isArchived":false,"folderId":"019ac3a0-7777-7a11-8b22-9c33ad44be55","tags":["019ac3a0-8888-7b22-9c33-ad44be55cf66"]}""";

    private const string FolderJson = """{"id":"019ac3a0-7777-7a11-8b22-9c33ad44be55","name":"Lizards","parentId":null}""";

    private const string TagJson = """{"id":"019ac3a0-8888-7b22-9c33-ad44be55cf66","name":"field notes","color":"leaf","chats":3}""";

    private const string TurnJson =
        """{"id":"019ac3a0-6b02-7c11-9f0e-2d2c1b0a9f8e","chatId":"019ac3a0-54d1-7a5e-b0a1-5a1f7c2d9e10","state":"complete","model":"gpt-5-mini","inputTokens":14,"outputTokens":8,"tokensEstimated":false,"costUsd":0.0000195,"finishReason":"stop","failureCode":null,"createdAt":"2026-11-28T10:05:00+00:00","endedAt":"2026-11-28T10:05:02+00:00","rating":{"good":true,"reasons":["correct"],"comment":""}}""";

    private const string MessageJson =
        $$"""{"id":"019ac3a0-6b02-7c11-9f0e-2d2c1b0a9f8e","parentId":"019ac3a0-6b01-7d22-8a1b-3c4d5e6f7a8b","role":"assistant","text":"In the sun.","reasoning":null,"createdAt":"2026-11-28T10:05:00+00:00","siblings":["019ac3a0-6b02-7c11-9f0e-2d2c1b0a9f8e"],"turn":{{TurnJson}}}""";

    private const string FactJson = """{"id":"019ac3a0-7401-7a5e-b0a1-5a1f7c2d9e10","text":"I live in Natal.","createdAt":"2026-11-28T10:00:00+00:00"}""";

    private const string PersonalJson = $$"""{"instructions":"Answer briefly.","facts":[{{FactJson}}]}""";

    private const string TemplateVariablesJson =
        """[{"name":"topic","type":"text","required":true,"default":"","hint":"","min":null,"max":null,"choices":[]},{"name":"level","type":"choice","required":true,"default":"","hint":"","min":null,"max":null,"choices":["a beginner","an expert"]}]""";

    private const string TemplateItemJson =
        $$"""{"id":"019352b0-1111-7a4e-9d5c-2b7f3e6a1c61","name":"Explain at a level","command":"explain","description":"For whoever asks","category":"Learning","tags":["teaching"],"variables":{{TemplateVariablesJson}},"isOwn":true,"isPublished":false,"uses":3,"stars":4.5,"ratings":2,"savedAt":"2026-01-31T12:00:00+00:00"}""";

    private const string TemplateJson =
        $$"""{"id":"019352b0-1111-7a4e-9d5c-2b7f3e6a1c61","name":"Explain at a level","command":"explain","description":"For whoever asks","category":"Learning","tags":["teaching"],"text":"Explain {topic} to {level}.","variables":{{TemplateVariablesJson}},"right":"manage","isPublished":false,"version":2,"uses":3,"stars":4.5,"ratings":2,"savedAt":"2026-01-31T12:00:00+00:00"}""";

    private const string CollectionJson =
        """{"id":"019ac3a0-7001-7a5e-b0a1-5a1f7c2d9e10","name":"Field notes","description":"","right":"manage","embedder":"019ac3a0-0001-7000-8000-000000000001/all-minilm-l6-v2","translatesPortuguese":true,"options":{"chunkTokens":0,"overlapTokens":32,"fusionWeight":null,"maxPassages":8,"threshold":0.3,"diversity":0.3,"wholeDocumentShare":0.25,"reranker":null},"documents":1,"underWay":0,"failed":0,"createdAt":"2026-11-28T10:00:00+00:00"}""";

    private const string DocumentJson =
        """{"id":"019ac3a0-7102-7c11-9f0e-2d2c1b0a9f8e","name":"lizards.pdf","state":"ready","failureCode":null,"bytes":48213,"sha256":"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08","pages":3,"passages":9,"passagesDone":9,"tokens":1980,"language":"en","canBeFound":true,"addedAt":"2026-11-28T10:00:00+00:00"}""";

    private const string PassageJson = """{"ordinal":2,"headings":"Sleep","page":1,"lastPage":1,"text":"Lizards sleep in the sun.","tokens":6}""";

    private const string SourceJson =
        """{"id":"019ac3a0-7201-7a5e-b0a1-5a1f7c2d9e10","kind":"web","address":"https://example.com/sitemap.xml","interval":"daily","isUnderWay":false,"found":12,"done":12,"failureCode":null,"refreshedAt":"2026-11-28T10:00:00+00:00","dueAt":"2026-11-29T10:00:00+00:00"}""";

    private const string QuestionJson = """{"question":"Where do lizards sleep?","documents":["lizards.pdf"]}""";

    private const string RunJson =
        """{"id":"019ac3a0-7301-7a5e-b0a1-5a1f7c2d9e10","at":"2026-11-28T10:00:00+00:00","questions":40,"ndcg":0.92,"recall":0.97,"mrr":0.9,"given":0.95,"options":{"chunkTokens":0,"overlapTokens":32,"fusionWeight":0.3,"maxPassages":8,"threshold":0.3,"diversity":0.3,"wholeDocumentShare":0.25,"reranker":null}}""";

    public static ApiExample Models { get; } = new(null, $$"""{"object":"list","data":[{{ModelJson}}]}""");

    public static ApiExample Model { get; } = new(null, ModelJson);

    public static ApiExample Completion { get; } = new(
        """{"model":"gpt-5-mini","messages":[{"role":"user","content":"Where do lizards sleep?"}],"stream":false}""",
        """{"id":"chatcmpl-019ac3a06b027c119f0e2d2c1b0a9f8e","object":"chat.completion","created":1764324300,"model":"gpt-5-mini","choices":[{"index":0,"message":{"role":"assistant","content":"In the sun."},"finish_reason":"stop","logprobs":null}],"usage":{"prompt_tokens":14,"completion_tokens":4,"total_tokens":18}}""");

    public static ApiExample Embeddings { get; } = new(
        """{"model":"text-embedding-3-small","input":["In the sun."]}""",
        """{"object":"list","data":[{"object":"embedding","index":0,"embedding":[0.0125,-0.031,0.0077]}],"model":"text-embedding-3-small","usage":{"prompt_tokens":4,"total_tokens":4}}""");

    public static ApiExample Me { get; } = new(null, """{"id":"019ac3a0-1111-7222-8333-944455566677","name":"Ana","scopes":["ReadChats","WriteChats"]}""");

    public static ApiExample Chats { get; } = new(
        null, """{"items":[{"id":"019ac3a0-54d1-7a5e-b0a1-5a1f7c2d9e10","title":"Where lizards sleep","activeAt":"2026-11-28T10:05:00+00:00","isRunning":false,"isPinned":true,"isArchived":false,"folderId":"019ac3a0-7777-7a11-8b22-9c33ad44be55"}],"next":null}""");

    public static ApiExample Chat { get; } = new(null, ChatJson);

    public static ApiExample Folders { get; } = new(null, $$"""{"items":[{{FolderJson}}],"next":null}""");

    public static ApiExample NewFolder { get; } = new("""{"name":"Lizards"}""", FolderJson);

    public static ApiExample FolderChange { get; } = new("""{"name":"Lizards","parentId":null}""", FolderJson);

    public static ApiExample Tags { get; } = new(null, $$"""{"items":[{{TagJson}}],"next":null}""");

    public static ApiExample NewTag { get; } = new("""{"name":"field notes","color":"leaf"}""", TagJson);

    public static ApiExample TagChange { get; } = new("""{"color":"leaf"}""", TagJson);

    public static ApiExample Messages { get; } = new(null, $$"""{"items":[{{MessageJson}}],"next":null}""");

    public static ApiExample TurnAnswer { get; } = new(null, $$"""{"turn":{{TurnJson}},"text":"In the sun.","reasoning":null}""");

    public static ApiExample Search { get; } = new(
        null, """{"items":[{"chatId":"019ac3a0-54d1-7a5e-b0a1-5a1f7c2d9e10","messageId":"019ac3a0-6b01-7d22-8a1b-3c4d5e6f7a8b","title":"Where lizards sleep","snippet":"Where do lizards sleep?","at":"2026-11-28T10:05:00+00:00","byMeaning":false,"isArchived":false}],"next":null}""");

    public static ApiExample Ask { get; } = new("""{"text":"Where do lizards sleep?","model":"gpt-5-mini"}""", TurnJson);

    public static ApiExample Turn { get; } = new(null, TurnJson);

    public static ApiExample Rate { get; } = new("""{"good":true,"reasons":["correct"],"comment":""}""", TurnJson);

    public static ApiExample Personal { get; } = new(null, PersonalJson);

    public static ApiExample Instruct { get; } = new("""{"instructions":"Answer briefly."}""", PersonalJson);

    public static ApiExample Fact { get; } = new("""{"text":"I live in Natal."}""", FactJson);

    public static ApiExample Embedders { get; } = new(
        null, """{"items":[{"id":"019ac3a0-0001-7000-8000-000000000001/all-minilm-l6-v2","name":"all-MiniLM-L6-v2","connection":"On this computer","languages":["en"],"windowTokens":240,"dimensions":384,"isOnPremises":true}],"next":null}""");

    public static ApiExample Rerankers { get; } = new(
        null, """{"items":[{"id":"019ac3a0-0002-7000-8000-000000000001/bge-reranker-v2-m3","name":"bge-reranker-v2-m3","connection":"Work","host":"llm.example.com"}],"next":null}""");

    public static ApiExample Collections { get; } = new(null, $$"""{"items":[{{CollectionJson}}],"next":null}""");

    public static ApiExample Collection { get; } = new(null, CollectionJson);

    public static ApiExample NewCollection { get; } = new("""{"name":"Field notes"}""", CollectionJson);

    public static ApiExample CollectionChange { get; } = new("""{"description":"What I saw","options":{"maxPassages":4}}""", CollectionJson);

    public static ApiExample Documents { get; } = new(null, $$"""{"items":[{{DocumentJson}}],"next":null}""");

    public static ApiExample Document { get; } = new(null, DocumentJson);

    public static ApiExample Passages { get; } = new(null, $$"""{"items":[{{PassageJson}}],"next":null}""");

    public static ApiExample Found { get; } = new(
        null, $$"""{"items":[{"documentId":"019ac3a0-7102-7c11-9f0e-2d2c1b0a9f8e","documentName":"lizards.pdf","passage":{{PassageJson}},"keyword":7.1,"coverage":0.8,"cosine":0.61,"score":0.97,"fate":"chosen"}],"meaningCounted":true,"translation":null}""");

    public static ApiExample Sources { get; } = new(null, $$"""{"items":[{{SourceJson}}],"next":null}""");

    public static ApiExample Source { get; } = new(null, SourceJson);

    public static ApiExample NewSource { get; } = new("""{"address":"https://example.com/sitemap.xml","interval":"daily"}""", SourceJson);

    public static ApiExample SourceChange { get; } = new("""{"interval":"daily"}""", SourceJson);

    public static ApiExample Questions { get; } = new(null, $$"""{"items":[{{QuestionJson}}],"next":null}""");

    public static ApiExample NewQuestions { get; } = new($$"""{"questions":[{{QuestionJson}}]}""", $$"""{"items":[{{QuestionJson}}],"next":null}""");

    public static ApiExample Runs { get; } = new(null, $$"""{"items":[{{RunJson}}],"next":null}""");

    public static ApiExample NewRun { get; } = new("""{"options":{"fusionWeight":0.3}}""", RunJson);

    public static ApiExample Rename { get; } = new("""{"title":"Where lizards sleep","isPinned":true,"tags":["019ac3a0-8888-7b22-9c33-ad44be55cf66"]}""", ChatJson);

    public static ApiExample Templates { get; } = new(null, $$"""{"items":[{{TemplateItemJson}}],"next":null}""");

    public static ApiExample Template { get; } = new(null, TemplateJson);

    public static ApiExample NewTemplate { get; } = new(
        """{"name":"Explain at a level","command":"explain","text":"Explain {topic} to {level}.","variables":[{"name":"level","type":"choice","choices":["a beginner","an expert"]}]}""", TemplateJson);

    public static ApiExample TemplateChange { get; } = new("""{"description":"For whoever asks","version":2}""", TemplateJson);

    public static ApiExample ExportedChat { get; } = new(
        null, """{"schema":"calango/chat","version":1,"chat":{"id":"019ac3a0-54d1-7a5e-b0a1-5a1f7c2d9e10","title":"Where lizards sleep","createdAt":"2026-11-28T10:00:00+00:00","activeAt":"2026-11-28T10:05:00+00:00"},"messages":[]}""");

    public static ApiExample Import { get; } = new(
        null,
        """{"id":"019ac3a0-7401-7a5e-b0a1-5a1f7c2d9e10","fileName":"conversations.json","state":"ready","done":0,"failureCode":null,"plan":{"sources":{"chatgpt":2},"chats":2,"outcomes":{"added":2},"messages":14,"branches":1,"files":0,"models":{"gpt-5":6},"from":"2026-01-02T10:00:00+00:00","to":"2026-01-05T10:00:00+00:00","losses":{"image":1}},"result":null,"createdAt":"2026-11-28T10:00:00+00:00","endedAt":null}""");

    public static ApiExample Shares { get; } = new(null, $$"""{"items":[{{ShareJson}}],"next":null}""");

    public static ApiExample NewShare { get; } = new("""{"chatId":"019ac3a0-54d1-7a5e-b0a1-5a1f7c2d9e10","isLive":false,"expiresAt":"2026-12-28T10:00:00Z","password":"lizards at noon"}""", ShareJson);

    public static ApiExample FilledTemplate { get; } = new("""{"values":{"topic":"lizards","level":"a beginner"}}""", """{"text":"Explain lizards to a beginner."}""");
}
