namespace Calango.Extraction;

/// <summary>A document cannot be read, for a reason that has a name. It is the end of the locale key <c>knowledge.failure.{code}</c>.</summary>
internal sealed class UnreadableException(string code, params (string Name, string Value)[] arguments) : Exception(code)
{
    public string Code { get; } = code;

    public IReadOnlyDictionary<string, string> Arguments { get; } = arguments.ToDictionary(argument => argument.Name, argument => argument.Value);
}
