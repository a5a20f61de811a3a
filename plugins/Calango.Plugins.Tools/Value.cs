using System.Globalization;

namespace Calango.Plugins.Tools;

/// <summary>A number: an exact decimal, or where that is impossible a floating-point one.</summary>
internal readonly struct Value
{
    private readonly decimal? _exact;
    private readonly double _about;

    public Value(decimal exact) => (_exact, _about) = (exact, (double)exact);

    /// <exception cref="ToolFailure">It is no finite number.</exception>
    public Value(double about) => (_exact, _about) = (null, double.IsFinite(about) ? about : throw new ToolFailure("The result is not a finite number."));

    public decimal? Exact => _exact;

    public double About => _about;

    public static Value Add(Value left, Value right) => Exactly(left, right, decimal.Add, (a, b) => a + b);

    public static Value Multiply(Value left, Value right) => Exactly(left, right, decimal.Multiply, (a, b) => a * b);

    public static Value Divide(Value left, Value right) =>
        right._about == 0 ? throw new ToolFailure("Division by zero.") : Exactly(left, right, decimal.Divide, (a, b) => a / b);

    public static Value Remainder(Value left, Value right) =>
        right._about == 0 ? throw new ToolFailure("Division by zero.") : Exactly(left, right, decimal.Remainder, (a, b) => a % b);

    public static Value Power(Value value, Value exponent)
    {
        if (value._exact is not { } number || exponent._exact is not { } power || power != decimal.Truncate(power) || Math.Abs(power) > 1000)
        {
            return new Value(Math.Pow(value._about, exponent._about));
        }

        if (number == 0 && power < 0)
        {
            throw new ToolFailure("Division by zero.");
        }

        try
        {
            var result = 1m;
            for (var i = 0; i < Math.Abs(power); i++)
            {
                result *= number;
            }

            return new Value(power < 0 ? 1 / result : result);
        }
        catch (Exception exception) when (exception is OverflowException or DivideByZeroException)
        {
            return new Value(Math.Pow(value._about, exponent._about));
        }
    }

    public Value Negated() => _exact is { } exact ? new Value(-exact) : new Value(-_about);

    /// <inheritdoc/>
    public override string ToString() =>
        // Without zeros at the end: 1.50 is said as 1.5.
        _exact is { } exact ? (exact / 1.000000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : _about.ToString("G15", CultureInfo.InvariantCulture);

    private static Value Exactly(Value left, Value right, Func<decimal, decimal, decimal> exactly, Func<double, double, double> about)
    {
        if (left._exact is { } a && right._exact is { } b)
        {
            try
            {
                return new Value(exactly(a, b));
            }
            catch (OverflowException)
            {
                // Too large to be exact.
            }
        }

        return new Value(about(left._about, right._about));
    }
}
