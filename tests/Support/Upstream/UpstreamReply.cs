using System.Globalization;
using System.Text.RegularExpressions;

namespace Calango.Tests.Support.Upstream;

/// <summary>
/// How the scripted upstream answers one request. Everything that counts tokens counts content and reasoning together.
/// Written in a message as <c>[[n=20 cut=5]]</c>, in a model name as <c>fake-n20-cut5</c>; the README has the table.
/// </summary>
public sealed partial record UpstreamReply
{
    /// <summary>What to say; null says <see cref="Tokens"/> numbered words.</summary>
    public string? Text { get; init; }

    /// <summary>How many words an answer without <see cref="Text"/> has.</summary>
    public int Tokens { get; init; } = 20;

    /// <summary>Goes on with numbered words until the client leaves.</summary>
    public bool Endless { get; init; }

    /// <summary>The least length of a numbered word; shorter ones are filled up.</summary>
    public int WordLength { get; init; }

    /// <summary>Answers with what the user wrote after the marker.</summary>
    public bool Say { get; init; }

    /// <summary>Tokens a second; 0: as fast as the reader takes them.</summary>
    public double Rate { get; init; }

    /// <summary>Milliseconds before the first token.</summary>
    public int FirstTokenDelay { get; init; }

    /// <summary>Tokens in one write to the socket.</summary>
    public int TokensPerWrite { get; init; } = 1;

    /// <summary>A token <c>~microseconds</c> of the monotonic clock each so many tokens; 0: none.</summary>
    public int StampEvery { get; init; }

    /// <summary>How many of the first tokens are reasoning.</summary>
    public int Reasoning { get; init; }

    /// <summary>The name under which reasoning is sent.</summary>
    public string ReasoningField { get; init; } = "reasoning_content";

    /// <summary>Calls this tool after the text, if tools were sent and the last message is not a tool's answer.</summary>
    public string? Tool { get; init; }

    /// <summary>The call's arguments, sent in pieces of four characters.</summary>
    public string ToolArguments { get; init; } = """{"city":"Recife"}""";

    /// <summary>Calls the tool even where the last message is a tool's answer.</summary>
    public bool CallsAgain { get; init; }

    /// <summary>Where the last message is a tool's answer, says that instead of the text.</summary>
    public bool SaysResult { get; init; }

    /// <summary>Says this as a refusal instead of the text.</summary>
    public string? Refusal { get; init; }

    /// <summary>Sends usage: true always, false never, null if asked for.</summary>
    public bool? Usage { get; init; }

    /// <summary>The finish reason; null ends cleanly without one and without <c>[DONE]</c>.</summary>
    public string? FinishReason { get; init; } = "stop";

    /// <summary>Answers with this status instead of 200.</summary>
    public int Status { get; init; } = 200;

    /// <summary>How many times the same question gets <see cref="Status"/> before it is answered; 0: always.</summary>
    public int StatusTimes { get; init; }

    /// <summary>The Retry-After header of a failure, in seconds.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The <c>code</c> of a failure's error object.</summary>
    public string? ErrorCode { get; init; }

    /// <summary>The words of a failure's error object.</summary>
    public string ErrorMessage { get; init; } = "scripted failure";

    /// <summary>Closes the connection after so many tokens, in the middle of the body.</summary>
    public int? CutAfter { get; init; }

    /// <summary>Like <see cref="CutAfter"/> with a TCP reset; what the reader had not read yet may be lost with it.</summary>
    public int? ResetAfter { get; init; }

    /// <summary>Closes the connection after so many tokens and half of the next event.</summary>
    public int? CutInsideEventAfter { get; init; }

    /// <summary>Sends an error object after so many tokens, and ends.</summary>
    public int? ErrorAfter { get; init; }

    /// <summary>Sends broken JSON after so many tokens, and goes on.</summary>
    public int? GarbageAfter { get; init; }

    /// <summary>Says nothing any more after so many tokens; the connection stays open.</summary>
    public int? StallAfter { get; init; }

    /// <summary>Waits for a release after so many tokens, then goes on.</summary>
    public int? HoldAfter { get; init; }

    /// <summary>Streams at <see cref="Rate"/> until a release, then ends.</summary>
    public bool HoldOpen { get; init; }

    /// <summary>Where the server stops answering without closing.</summary>
    public UpstreamHang Hang { get; init; }

    /// <summary>Sends one line of so many bytes before the first token.</summary>
    public int HugeLine { get; init; }

    /// <summary>Lines end with CRLF.</summary>
    public bool Crlf { get; init; }

    /// <summary>Each byte is a write of its own, so that characters are split.</summary>
    public bool SplitBytes { get; init; }

    /// <summary>The body is compressed, flushed after each write.</summary>
    public bool Gzip { get; init; }

    /// <summary>
    /// Answers with this body as it is, e.g. a recorded stream; 200 unless <see cref="Status"/> says otherwise. Of the
    /// other settings <see cref="SplitBytes"/> counts, and <see cref="CutAfter"/>, which cuts at its end.
    /// </summary>
    public ReadOnlyMemory<byte>? RawBody { get; init; }

    /// <summary>The content type of <see cref="RawBody"/>.</summary>
    public string RawContentType { get; init; } = "text/event-stream";

    /// <summary>A page of HTML with status 200: what a wrong path often gives.</summary>
    public static UpstreamReply Html { get; } = new()
    {
        RawBody = "<!doctype html><html><body>Welcome</body></html>"u8.ToArray(),
        RawContentType = "text/html; charset=utf-8",
    };

    /// <summary>The text of an answer of so many numbered words.</summary>
    public static string WordsOf(int tokens) => string.Concat(Enumerable.Range(1, tokens).Select(Word));

    /// <summary>The numbered word at a place, counted from one.</summary>
    public static string Word(int number) => string.Create(CultureInfo.InvariantCulture, $"w{number} ");

    /// <summary>This reply changed by a marker in a message, if there is one.</summary>
    public UpstreamReply SteeredByMessage(string message) =>
        Marker().Match(message) is { Success: true } marker
            ? WithPairs(marker.Groups["pairs"].Value).Saying(message[(marker.Index + marker.Length)..].TrimStart())
            : this;

    /// <summary>This reply changed by a model name such as <c>fake-n200-r50</c>.</summary>
    public UpstreamReply SteeredByModel(string model) =>
        model.StartsWith("fake-", StringComparison.Ordinal)
            ? WithPairs(string.Join(' ', model.Split('-').Skip(1).Select(part => ModelPart().Replace(part, "${key}=${value}"))))
            : this;

    /// <summary>This reply changed by pairs such as <c>n=20 cut=5</c>; an unknown key changes nothing.</summary>
    public UpstreamReply WithPairs(string pairs) =>
        pairs.Split(' ', StringSplitOptions.RemoveEmptyEntries).Aggregate(this, (reply, pair) => reply.WithPair(pair));

    private UpstreamReply Saying(string text) => Say ? this with { Text = text } : this;

    private UpstreamReply WithPair(string pair)
    {
        var (key, value) = pair.Split('=', 2) is [var k, var v] ? (k, v) : (pair, "1");
        return key switch
        {
            "n" => this with { Tokens = Number(value) },
            "w" => this with { WordLength = Number(value) },
            "endless" => this with { Endless = value == "1" },
            "say" => this with { Say = value == "1" },
            "r" => this with { Rate = double.Parse(value, CultureInfo.InvariantCulture) },
            "d" => this with { FirstTokenDelay = Number(value) },
            "b" => this with { TokensPerWrite = Math.Max(1, Number(value)) },
            "s" => this with { StampEvery = Number(value) },
            "re" => this with { Reasoning = Number(value) },
            "ref" => this with { ReasoningField = value },
            "tool" => this with { Tool = value },
            "args" => this with { ToolArguments = value },
            "again" => this with { CallsAgain = value == "1" },
            "result" => this with { SaysResult = value == "1" },
            "u" => this with { Usage = value switch { "1" => true, "0" => false, _ => null } },
            "fin" => this with { FinishReason = value },
            "eof" => this with { FinishReason = value == "1" ? null : FinishReason },
            "e" => this with { Status = Number(value) },
            "x" => this with { StatusTimes = Number(value) },
            "ra" => this with { RetryAfter = Number(value) },
            "code" => this with { ErrorCode = value },
            "drop" or "cut" => this with { CutAfter = Number(value) },
            "rst" => this with { ResetAfter = Number(value) },
            "cutjson" => this with { CutInsideEventAfter = Number(value) },
            "err" => this with { ErrorAfter = Number(value) },
            "garbage" => this with { GarbageAfter = Number(value) },
            "stall" => this with { StallAfter = Number(value) },
            "hold" => this with { HoldAfter = Number(value) },
            "h" => this with { HoldOpen = value == "1" },
            "hang" => this with { Hang = value == "2" ? UpstreamHang.AfterHeaders : UpstreamHang.BeforeHeaders },
            "line" => this with { HugeLine = Number(value) },
            "crlf" => this with { Crlf = value == "1" },
            "split" => this with { SplitBytes = value == "1" },
            "gzip" => this with { Gzip = value == "1" },
            "html" => this with { RawBody = Html.RawBody, RawContentType = Html.RawContentType },
            _ => this,
        };
    }

    private static int Number(string value) => int.Parse(value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\[\[(?<pairs>[a-z]+=[^\]]*)\]\]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Marker();

    [GeneratedRegex("^(?<key>[a-z]+)(?<value>.+)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ModelPart();
}

/// <summary>Where a scripted server stops answering.</summary>
public enum UpstreamHang
{
    /// <summary>Nowhere.</summary>
    None,

    /// <summary>Before the status line.</summary>
    BeforeHeaders,

    /// <summary>After the headers, before any event.</summary>
    AfterHeaders,
}
