namespace Calango.Plugins.Tools;

/// <summary>The calculator's functions.</summary>
internal static class Functions
{
    /// <exception cref="ToolFailure">There is no such function, or it takes other arguments.</exception>
    public static Value Call(string name, List<Value> values) => (name, values) switch
    {
        ("sqrt", [var value]) => Root(value),
        ("abs", [var value]) => value.About < 0 ? value.Negated() : value,
        ("round", [var value]) => Rounded(value, 0),
        ("round", [var value, { Exact: >= 0 and <= 28 and { } digits }]) => Rounded(value, (int)digits),
        ("floor", [var value]) => value.Exact is { } exact ? new Value(decimal.Floor(exact)) : new Value(Math.Floor(value.About)),
        ("ceil", [var value]) => value.Exact is { } exact ? new Value(decimal.Ceiling(exact)) : new Value(Math.Ceiling(value.About)),
        ("min", _) => values.MinBy(value => value.About),
        ("max", _) => values.MaxBy(value => value.About),
        ("sum", _) => values.Aggregate(Value.Add),
        ("avg", _) => Value.Divide(values.Aggregate(Value.Add), new Value((decimal)values.Count)),
        ("ln", [var value]) => new Value(Math.Log(value.About)),
        ("log" or "log10", [var value]) => new Value(Math.Log10(value.About)),
        ("exp", [var value]) => new Value(Math.Exp(value.About)),
        ("sin", [var value]) => new Value(Math.Sin(value.About)),
        ("cos", [var value]) => new Value(Math.Cos(value.About)),
        ("tan", [var value]) => new Value(Math.Tan(value.About)),
        _ => throw new ToolFailure($"There is no function {name} with {values.Count} arguments."),
    };

    private static Value Rounded(Value value, int digits) =>
        value.Exact is { } exact ? new Value(decimal.Round(exact, digits, MidpointRounding.AwayFromZero)) : new Value(Math.Round(value.About, Math.Min(digits, 15), MidpointRounding.AwayFromZero));

    // Exact where the root is a decimal itself: 1.5 of 2.25.
    private static Value Root(Value value)
    {
        var root = Math.Sqrt(value.About);
        return value.Exact is { } exact && double.IsFinite(root) && root < 1e14 && (decimal)root is var candidate && candidate * candidate == exact ? new Value(candidate) : new Value(root);
    }
}
