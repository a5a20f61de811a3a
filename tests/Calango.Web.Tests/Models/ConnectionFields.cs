namespace Calango.Web.Tests.Models;

/// <summary>What a browser sends of a connection's form.</summary>
internal static class ConnectionFields
{
    public static (string Name, string Value)[] Of(string address, string key = "", string name = "Scripted", int firstTokenSeconds = 60) =>
    [
        ("ProviderId", "openai-compatible"), ("Name", name), ("Values[address]", address), ("Values[apiKey]", key),
        ("FirstTokenSeconds", $"{firstTokenSeconds}"), ("BetweenTokensSeconds", "60"), ("WholeTurnSeconds", "1800"),
    ];
}
