namespace Calango.Core.Errors;

/// <summary>
/// What a person asked for cannot be done, and they can do something about it. Nothing was changed. The sentence is the
/// locale key <c>error.{code}</c>.
/// </summary>
public sealed class RejectedException(string code, params (string Name, string Value)[] arguments) : Exception(code)
{
    /// <summary>The end of the locale key.</summary>
    public string Code { get; } = code;

    /// <summary>What the sentence names, by placeholder.</summary>
    public IReadOnlyList<(string Name, string Value)> Arguments { get; } = arguments;
}
