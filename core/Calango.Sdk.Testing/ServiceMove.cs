namespace Calango.Sdk.Testing;

/// <summary>What a model's service can be made to do, whichever it is.</summary>
public enum ServiceMove
{
    /// <summary>Says <see cref="ModelProviderConformance.Words"/> and stops.</summary>
    Say,

    /// <summary>Says words with characters of two, three and four bytes, each byte sent alone.</summary>
    SayUnicodeByteByByte,

    /// <summary>Reasons, then says something.</summary>
    Reason,

    /// <summary>Calls the tool <c>weather</c>.</summary>
    CallTool,

    /// <summary>Ends at its token limit.</summary>
    EndAtLimit,

    /// <summary>Ends because its filter refused the rest.</summary>
    EndByFilter,

    /// <summary>Says a word and ends cleanly without saying why.</summary>
    EndWithoutReason,

    /// <summary>Says a word and breaks the connection.</summary>
    BreakConnection,

    /// <summary>Says a word, and then nothing more.</summary>
    Stall,

    /// <summary>Sends one line without an end.</summary>
    SendEndlessLine,

    /// <summary>Says words without an end.</summary>
    SayEndlessly,

    /// <summary>Sends something that is not of the protocol in the middle of an answer.</summary>
    SendGarbage,

    /// <summary>Says a word, then that something went wrong.</summary>
    FailMidway,
}
