using System.Globalization;

namespace Calango.Plugins.Tools;

/// <summary>
/// Arithmetic. A number is an exact decimal for as long as it fits into 28 digits, and a floating-point number from where
/// it doesn't, or where a function has no exact result. Nothing is ever run as code.
/// </summary>
internal sealed class Calculator
{
    private const int MaxDepth = 100;

    private readonly string _text;
    private int _at;
    private int _depth;

    private Calculator(string text) => _text = text;

    /// <exception cref="ToolFailure">It is no arithmetic, or has no result.</exception>
    public static string Evaluate(string expression)
    {
        var calculator = new Calculator(expression);
        var value = calculator.Sum();
        calculator.SkipSpace();
        return calculator._at < expression.Length ? throw calculator.Unexpected() : value.ToString();
    }

    private Value Sum()
    {
        var value = Product();
        while (Next('+', '-') is { } sign)
        {
            var right = Product();
            value = sign == '+' ? Value.Add(value, right) : Value.Add(value, right.Negated());
        }

        return value;
    }

    private Value Product()
    {
        var value = Signed();
        while (Next('*', '/', '%', '×', '÷') is { } sign)
        {
            var right = Signed();
            value = sign is '*' or '×' ? Value.Multiply(value, right) : sign == '%' ? Value.Remainder(value, right) : Value.Divide(value, right);
        }

        return value;
    }

    private Value Signed() => Deeper(() => Next('-', '+', '−') switch
    {
        null => Power(),
        '+' => Signed(),
        _ => Signed().Negated(),
    });

    // To the right first: 2^3^2 is 2^9. A sign may follow: 2^-1.
    private Value Power()
    {
        var value = Operand();
        return Next('^') is null ? value : Value.Power(value, Signed());
    }

    private Value Operand()
    {
        SkipSpace();
        if (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] == '.'))
        {
            return Number();
        }

        if (Next('(') is not null)
        {
            var value = Deeper(Sum);
            return Next(')') is null ? throw Unexpected() : value;
        }

        var start = _at;
        while (_at < _text.Length && char.IsAsciiLetterOrDigit(_text[_at]))
        {
            _at++;
        }

        var name = _text[start.._at].ToLowerInvariant();
        return name switch
        {
            "" => throw Unexpected(),
            "pi" => new Value(Math.PI),
            "e" => new Value(Math.E),
            _ => Functions.Call(name, Next('(') is null ? throw new ToolFailure($"'{name}' is neither a constant nor called as a function.") : Arguments()),
        };
    }

    private List<Value> Arguments()
    {
        var values = new List<Value>();
        do
        {
            values.Add(Deeper(Sum));
        }
        while (Next(',', ';') is not null);
        return Next(')') is null ? throw Unexpected() : values;
    }

    private Value Number()
    {
        var start = _at;
        while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] is '.' or '_' || IsExponent(start)))
        {
            _at++;
        }

        var digits = _text[start.._at].Replace("_", "", StringComparison.Ordinal);
        return decimal.TryParse(digits, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var exact) && digits.Count(char.IsAsciiDigit) <= 28 ? new Value(exact)
            : double.TryParse(digits, NumberStyles.Float, CultureInfo.InvariantCulture, out var about) && double.IsFinite(about) ? new Value(about)
            : throw new ToolFailure($"'{digits}' is no number.");
    }

    private bool IsExponent(int start) =>
        (_text[_at] is 'e' or 'E' && _at > start && _at + 1 < _text.Length && (char.IsAsciiDigit(_text[_at + 1]) || (_text[_at + 1] is '-' or '+' && _at + 2 < _text.Length && char.IsAsciiDigit(_text[_at + 2]))))
        || (_text[_at] is '-' or '+' && _at > start && _text[_at - 1] is 'e' or 'E' && _text[_at] is '-' or '+');

    private char? Next(params ReadOnlySpan<char> wanted)
    {
        SkipSpace();
        return _at < _text.Length && wanted.Contains(_text[_at]) ? _text[_at++] : null;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private Value Deeper(Func<Value> read)
    {
        if (++_depth > MaxDepth)
        {
            throw new ToolFailure("The expression is nested too deep.");
        }

        var value = read();
        _depth--;
        return value;
    }

    private ToolFailure Unexpected() =>
        new(_at < _text.Length ? $"'{_text[_at]}' at position {_at + 1} was not expected." : "The expression ends too early.");
}
