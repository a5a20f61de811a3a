using System.Text.Json;

namespace Calango.Core.Exchange;

/// <summary>Reads the chats of one program from what it has exported. It knows them by how they look, not by the name of a file. Thread-safe.</summary>
internal interface IChatReader
{
    /// <summary>The program: the end of a locale key, <c>exchange.source.{name}</c>.</summary>
    string Source { get; }

    /// <summary>Whether an item of a file is one of its own.</summary>
    bool Reads(JsonElement item);

    /// <summary>The chats of an item: one, or those of a whole list.</summary>
    /// <param name="accountId">Whose they will be.</param>
    /// <param name="item">The item.</param>
    /// <param name="losses">Counts what does not come along.</param>
    /// <exception cref="JsonException">It is not what it looked like.</exception>
    IReadOnlyList<ChatFile> Read(Guid accountId, JsonElement item, ImportLosses losses);
}
