namespace Calango.Core.Models;

/// <summary>Why something did not work, in a form that can be said in any language.</summary>
/// <param name="Code">The end of the locale key <c>failure.{code}</c>.</param>
/// <param name="Arguments">What the sentence names, by placeholder. A service's own words are among them: show them as text only.</param>
public sealed record Failure(string Code, IReadOnlyDictionary<string, string> Arguments)
{
    private static readonly Dictionary<string, string> Nothing = [];

    /// <summary>A failure whose sentence names nothing.</summary>
    public Failure(string code) : this(code, Nothing)
    {
    }
}
