namespace Calango.Core.Tools;

/// <summary>What an administrator enters for a server of tools.</summary>
/// <param name="Name">For people.</param>
/// <param name="IsOn">Whether chats may use it.</param>
/// <param name="Values">By field name. A secret that is null or empty keeps the stored one, unless a field changed that clears secrets.</param>
public sealed record ToolServerInput(string? Name, bool IsOn, IReadOnlyDictionary<string, string?> Values);
