using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Calango.Core.Exchange;

/// <summary>
/// A chat outside of the server: <c>{"schema": "calango/chat", "version": 1, "chat": {…}, "messages": […]}</c>, with all that it has here. The
/// same chat is the same text, whenever it is written; docs/exchange.md describes it.
/// </summary>
/// <param name="Chat">What it is, and how its next turn would run.</param>
/// <param name="Messages">Its messages, each after the one that it follows.</param>
internal sealed record ChatFile(ExchangedChat Chat, IReadOnlyList<ExchangedMessage> Messages)
{
    /// <summary>The name of the form.</summary>
    public const string Schema = "calango/chat";

    /// <summary>The version of the form.</summary>
    public const int Version = 1;

    // A text may hold anything but an array within an array within an array.
    private const int Deepest = 128;

    /// <summary>How values are written: what isn't there is left out, enumerations stand by name, times are as fine as every database keeps them.</summary>
    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        MaxDepth = Deepest,
        RespectNullableAnnotations = true,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver { Modifiers = { Require } },
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false), new Microseconds(), new Storable() },
    };

    // What can be nothing is left out where it is.
    private static void Require(JsonTypeInfo type)
    {
        foreach (var member in type.Properties.Where(member => member.AssociatedParameter is { IsNullable: false, HasDefaultValue: false } && Nullable.GetUnderlyingType(member.PropertyType) is null))
        {
            member.IsRequired = true;
        }
    }

    private sealed class Microseconds : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Whole(reader.GetDateTimeOffset().ToUniversalTime());

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(Whole(value.ToUniversalTime()));

        private static DateTimeOffset Whole(DateTimeOffset time) => time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMicrosecond));
    }

    // PostgreSQL keeps no NUL.
    private sealed class Storable : JsonConverter<string>
    {
        public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString()?.Replace("\0", "", StringComparison.Ordinal);

        public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
