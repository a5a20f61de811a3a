namespace Calango.Web.Tests.Exchange;

/// <summary>A chat that has all that a chat can have, as it is written down.</summary>
internal static class WholeChat
{
    public const string Id = "019a0000-0000-7000-8000-000000000001";

    /// <summary>It, pinned, put away, in a folder within a folder and with two tags.</summary>
    public static string Placed => Json.Replace(
        "\"connectionId\": \"019a0000-0000-7000-8000-0000000000c1\", \"model\": \"lizard-1\", \"systemPrompt\"",
        """
        "pinnedAt": "2026-03-03T10:00:00.5+00:00", "archivedAt": "2026-03-04T10:00:00+00:00", "folder": ["Caatinga", "Field & <b>notes</b>"], "tags": [{ "name": "Zebra", "color": "plain" }, { "name": "céu", "color": "sky" }],
        "connectionId": "019a0000-0000-7000-8000-0000000000c1", "model": "lizard-1", "systemPrompt"
        """,
        StringComparison.Ordinal);

    public const string Json =
        """
        {
          "schema": "calango/chat",
          "version": 1,
          "chat": {
            "id": "019a0000-0000-7000-8000-000000000001", "title": "Lizards & <b>sun</b>", "createdAt": "2026-03-01T10:00:00.123456+00:00", "activeAt": "2026-03-02T10:00:00+00:00",
            "titleSource": "model", "titleModel": "Small", "titleInputTokens": 12, "titleOutputTokens": 3, "titleCostNanoUsd": 42,
            "connectionId": "019a0000-0000-7000-8000-0000000000c1", "model": "lizard-1", "systemPrompt": "Be brief.\nBe kind.", "temperature": 0.3, "maxOutputTokens": 500, "tokenLimit": 4096, "keepsAnswers": true, "isImpersonal": true,
            "tools": ["019a000000007000800000000000005e/search"], "collections": ["019a0000-0000-7000-8000-0000000000d1"], "headId": "019a0000-0000-7000-8000-000000000016"
          },
          "messages": [
            { "id": "019a0000-0000-7000-8000-000000000011", "sequence": 1, "role": "user", "text": "Where do lizards sleep? 🦎", "createdAt": "2026-03-01T10:00:00+00:00", "edited": false, "selectedChildId": "019a0000-0000-7000-8000-000000000013" },
            { "id": "019a0000-0000-7000-8000-000000000012", "parentId": "019a0000-0000-7000-8000-000000000011", "sequence": 2, "role": "assistant", "text": "In the sun. Found it.", "createdAt": "2026-03-01T10:00:01+00:00",
              "reasoning": "They like warmth.", "edited": false,
              "turn": { "state": "complete", "model": "Lizard One", "modelId": "lizard-1", "connectionId": "019a0000-0000-7000-8000-0000000000c1", "createdAt": "2026-03-01T10:00:01+00:00", "insteadOf": "Gecko", "wasKept": false, "found": 1,
                "searchedFor": "sleeping places of lizards", "searchModel": "Small", "searchTokens": 20, "searchCostNanoUsd": 7, "startedAt": "2026-03-01T10:00:01.5+00:00", "firstTokenAt": "2026-03-01T10:00:02+00:00", "endedAt": "2026-03-01T10:00:05+00:00",
                "reasoningMilliseconds": 800, "inputTokens": 100, "outputTokens": 20, "tokensEstimated": true, "contextTokens": 90, "costNanoUsd": 12345, "finishReason": "stop", "requestId": "r-1", "omittedMessages": 2, "firstIncludedId": "019a0000-0000-7000-8000-000000000011",
                "rating": { "isGood": false, "reasons": "wrong, tooLong", "comment": "Lizards differ.", "at": "2026-03-01T11:00:00+00:00" } },
              "trace": { "prompt": [ { "role": "system", "text": "Be brief." }, { "role": "assistant", "text": "", "calls": [ { "id": "c1", "name": "search", "arguments": { "q": "lizards" } } ] }, { "role": "tool", "text": "rocks", "callId": "c1" } ],
                "parameters": { "model": "lizard-1", "temperature": 0.3, "maxOutputTokens": 500, "tools": [ { "name": "search", "description": "Searches", "schema": { "type": "object" }, "key": "k" } ] },
                "attempts": [ { "startedAt": "2026-03-01T10:00:01.5+00:00", "firstTokenMilliseconds": 500.25, "milliseconds": 3500, "outcome": "ok", "waitedMilliseconds": 0, "model": "Lizard One", "connection": "Scripted" } ] },
              "toolUses": [ { "id": "019a0000-0000-7000-8000-0000000000a1", "state": "done", "name": "search", "tool": "Search", "server": "Library", "arguments": "{\"q\": \"lizards\"}", "result": "rocks & roofs", "createdAt": "2026-03-01T10:00:02+00:00",
                "round": 0, "offset": 11, "callId": "c1", "key": "019a000000007000800000000000005e/search", "wasKept": true, "startedAt": "2026-03-01T10:00:02+00:00", "endedAt": "2026-03-01T10:00:03+00:00" } ],
              "sources": [ { "number": 1, "collectionId": "019a0000-0000-7000-8000-0000000000d1", "documentId": "019a0000-0000-7000-8000-0000000000d2", "document": "reptiles.pdf", "ordinal": 4, "headings": "Sleep", "text": "They sleep on rocks.", "page": 7, "lastPage": 8, "isWhole": false, "coverage": 0.75, "cosine": 0.8125, "score": 0.9 } ] },
            { "id": "019a0000-0000-7000-8000-000000000013", "parentId": "019a0000-0000-7000-8000-000000000011", "sequence": 4, "role": "assistant", "text": "Under", "createdAt": "2026-03-01T10:01:00+00:00", "edited": false,
              "turn": { "state": "stopped", "model": "Gecko", "modelId": "gecko", "connectionId": "019a0000-0000-7000-8000-0000000000c1", "createdAt": "2026-03-01T10:01:00+00:00", "rerunOf": "019a0000-0000-7000-8000-000000000012", "wasKept": false, "endedAt": "2026-03-01T10:01:02+00:00", "tokensEstimated": false, "requestId": "", "omittedMessages": 0 } },
            { "id": "019a0000-0000-7000-8000-000000000014", "parentId": "019a0000-0000-7000-8000-000000000011", "sequence": 5, "role": "assistant", "text": "Rewritten by hand", "createdAt": "2026-03-01T10:02:00+00:00", "edited": true },
            { "id": "019a0000-0000-7000-8000-000000000015", "parentId": "019a0000-0000-7000-8000-000000000013", "sequence": 6, "role": "user", "text": "Go on", "createdAt": "2026-03-01T10:03:00+00:00", "edited": false, "selectedChildId": "019a0000-0000-7000-8000-000000000016" },
            { "id": "019a0000-0000-7000-8000-000000000016", "parentId": "019a0000-0000-7000-8000-000000000015", "sequence": 7, "role": "assistant", "text": "", "createdAt": "2026-03-01T10:03:01+00:00", "edited": false,
              "turn": { "state": "failed", "model": "Gecko", "modelId": "gecko", "connectionId": "019a0000-0000-7000-8000-0000000000c1", "createdAt": "2026-03-01T10:03:01+00:00", "continuesId": "019a0000-0000-7000-8000-000000000013", "wasKept": false, "endedAt": "2026-03-01T10:03:02+00:00", "tokensEstimated": false, "failure": "provider.rateLimited", "failureArguments": { "host": "café.example", "model": "Gecko" }, "requestId": "r-2", "omittedMessages": 0 } }
          ]
        }
        """;
}
