namespace Calango.Core.Models;

/// <summary>A connection as a person enters it.</summary>
/// <param name="ProviderId">The provider that is asked.</param>
/// <param name="PresetId">The preset it starts from; empty: none.</param>
/// <param name="Name">For people.</param>
/// <param name="Values">
/// By field name. A secret that is null or empty keeps the stored one, unless a field changed that clears secrets (the
/// address): then it is gone.
/// </param>
/// <param name="Limits">How long its models may take.</param>
public sealed record ConnectionInput(
    string ProviderId, string PresetId, string Name, IReadOnlyDictionary<string, string?> Values, TimeLimits Limits)
{
    /// <summary>How much of it may be asked at once.</summary>
    public ConnectionLoad Load { get; init; } = new();
}

/// <summary>How a connection test went.</summary>
/// <param name="Models">What the service offers; empty where it failed.</param>
/// <param name="Failure">What exactly is wrong; null: it works.</param>
public sealed record ConnectionTest(IReadOnlyList<Calango.Sdk.ModelInfo> Models, Failure? Failure)
{
    /// <summary>Whether it works.</summary>
    public bool Ok => Failure is null;
}

/// <summary>Input was refused, field by field.</summary>
/// <param name="fields">The code by field name; a sentence is the locale key <c>invalid.{code}</c>.</param>
public sealed class InvalidInputException(IReadOnlyDictionary<string, string> fields) : Exception("Input was refused: " + string.Join(", ", fields.Keys))
{
    /// <summary>The code by field name: <c>required</c>, <c>tooLong</c>, <c>address</c>, <c>number</c>, <c>range</c>, <c>choice</c>, <c>toggle</c>, <c>provider</c>, <c>unknown</c>.</summary>
    public IReadOnlyDictionary<string, string> Fields { get; } = fields;
}
