namespace Calango.Core.Knowledge;

/// <summary>A document cannot be read, and somebody can do something about it. The sentence is the locale key <c>knowledge.failure.{code}</c>.</summary>
internal sealed class ExtractionException(string code, IReadOnlyDictionary<string, string>? arguments = null) : Exception(code)
{
    /// <summary>The end of the locale key; stays the same, since it is stored.</summary>
    public string Code { get; } = code;

    /// <summary>What the sentence names, by placeholder.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; } = arguments ?? new Dictionary<string, string>();
}
