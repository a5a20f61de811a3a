using System.Text.Json.Nodes;

namespace Calango.Tests.Support.Weaviate;

/// <summary>Reads <c>{ Get { Name(arguments) { passage _additional { fields } } } }</c>, and refuses whatever has another form.</summary>
internal sealed class GraphQuery
{
    private readonly string _text;
    private int _at;

    private GraphQuery(string text) => _text = text;

    public static (string Name, JsonObject Arguments, IReadOnlyList<string> Fields) Read(string text)
    {
        var query = new GraphQuery(text);
        query.Expect("{", "Get", "{");
        var name = query.Next();
        query.Expect("(");
        var arguments = query.Members(")");
        query.Expect("{", "passage", "_additional", "{");
        var fields = new List<string>();
        for (var field = query.Next(); field != "}"; field = query.Next())
        {
            fields.Add(field);
        }

        query.Expect("}", "}", "}", "");
        return (name, arguments, fields);
    }

    private JsonObject Members(string end)
    {
        var members = new JsonObject();
        for (var name = Next(); name != end; name = Next())
        {
            if (name != ",")
            {
                Expect(":");
                members.Add(name, Value(Next()));
            }
        }

        return members;
    }

    private JsonNode? Value(string token)
    {
        if (token == "{")
        {
            return Members("}");
        }

        if (token == "[")
        {
            var list = new JsonArray();
            for (var next = Next(); next != "]"; next = Next())
            {
                if (next != ",")
                {
                    list.Add(Value(next));
                }
            }

            return list;
        }

        return token[0] is '"' or '-' || char.IsAsciiDigit(token[0]) ? JsonNode.Parse(token) : JsonValue.Create(token);
    }

    private void Expect(params string[] tokens)
    {
        foreach (var token in tokens)
        {
            if (Next() is var found && found != token)
            {
                throw new FormatException($"'{found}' at {_at}, where '{token}' is due, of {_text}");
            }
        }
    }

    // A string with its quotation marks, a name or number, or one sign; empty: the end.
    private string Next()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }

        if (_at == _text.Length)
        {
            return "";
        }

        var begin = _at++;
        if (_text[begin] == '"')
        {
            while (_text[_at] != '"')
            {
                _at += _text[_at] == '\\' ? 2 : 1;
            }

            _at++;
        }
        else if (IsOfWord(_text[begin]))
        {
            while (_at < _text.Length && IsOfWord(_text[_at]))
            {
                _at++;
            }
        }

        return _text[begin.._at];
    }

    private static bool IsOfWord(char sign) => char.IsAsciiLetterOrDigit(sign) || sign is '_' or '-' or '+' or '.';
}
