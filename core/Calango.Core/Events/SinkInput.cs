namespace Calango.Core.Events;

/// <summary>What an administrator enters for a sink.</summary>
/// <param name="IsOn">Whether events go there.</param>
/// <param name="SeesText">Whether what people and models write goes along.</param>
/// <param name="Values">
/// By field name. A secret that is null or empty keeps the stored one, unless a field changed that clears secrets (the
/// address): then it is gone.
/// </param>
public sealed record SinkInput(bool IsOn, bool SeesText, IReadOnlyDictionary<string, string?> Values);
