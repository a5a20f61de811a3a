using System.Globalization;
using System.Text.Json;

namespace Calango.Plugins.Langfuse;

/// <summary>Writes attributes in OTLP's form; one without a value is left out.</summary>
internal sealed class SpanAttributes(Utf8JsonWriter json)
{
    public void Write(Action<SpanAttributes> add)
    {
        json.WriteStartArray("attributes");
        add(this);
        json.WriteEndArray();
    }

    public void Add(string key, string? value)
    {
        if (value is not null)
        {
            Add(key, () => json.WriteString("stringValue", value));
        }
    }

    public void Add(string key, int? value)
    {
        if (value is { } number)
        {
            Add(key, () => json.WriteString("intValue", number.ToString(CultureInfo.InvariantCulture)));
        }
    }

    public void Add(string key, float? value)
    {
        if (value is { } number)
        {
            Add(key, () => json.WriteNumber("doubleValue", number));
        }
    }

    public void Add(string key, bool value) => Add(key, () => json.WriteBoolean("boolValue", value));

    public void AddList(string key, string? value)
    {
        if (value is not null)
        {
            Add(key, () =>
            {
                json.WriteStartObject("arrayValue");
                json.WriteStartArray("values");
                json.WriteStartObject();
                json.WriteString("stringValue", value);
                json.WriteEndObject();
                json.WriteEndArray();
                json.WriteEndObject();
            });
        }
    }

    private void Add(string key, Action write)
    {
        json.WriteStartObject();
        json.WriteString("key", key);
        json.WriteStartObject("value");
        write();
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
