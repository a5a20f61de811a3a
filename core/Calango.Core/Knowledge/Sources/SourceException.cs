namespace Calango.Core.Knowledge;

/// <summary>A source, or a page of it, could not be had.</summary>
/// <param name="code">The end of the locale key <c>knowledge.source.failure.{code}</c>.</param>
/// <param name="arguments">What the sentence names.</param>
internal sealed class SourceException(string code, params (string Name, string Value)[] arguments) : Exception(code)
{
    public string Code { get; } = code;

    public IReadOnlyDictionary<string, string> Arguments { get; } = arguments.ToDictionary(argument => argument.Name, argument => argument.Value);

    /// <summary>It is not there: it was, or never.</summary>
    public bool IsGone => Code is "gone";
}
