namespace Calango.Web.Tests.Events;

/// <summary>What a browser sends of a sink's form.</summary>
internal static class SinkFields
{
    public const string PublicKey = "pk-lf-ana";

    /// <summary>On, with the text of messages or without.</summary>
    public static (string Name, string Value)[] Of(Uri address, string secretKey, bool seesText = false) =>
    [
        ("IsOn", "true"), ("Values[address]", address.ToString()), ("Values[publicKey]", PublicKey), ("Values[secretKey]", secretKey),
        .. seesText ? [("SeesText", "true")] : Array.Empty<(string, string)>(),
    ];
}
