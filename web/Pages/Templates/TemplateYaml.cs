using System.Text.Json;
using System.Text.Json.Nodes;
using Calango.Core.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Calango.Web.Pages.Templates;

/// <summary>YAML as JSON, and back. Each scalar but an empty one is a text: what it means, who reads it knows.</summary>
internal static class TemplateYaml
{
    // Deeper than any file of ours, and little enough for the stack whoever wrote it.
    private const int MaxDepth = 16;

    /// <exception cref="RejectedException"><c>template.file</c>: it is no YAML, or refers to itself.</exception>
    public static JsonNode? Read(string text)
    {
        try
        {
            var parser = new Parser(new StringReader(text));
            parser.Consume<StreamStart>();
            parser.Consume<DocumentStart>();
            return Read(parser, 0);
        }
        catch (YamlException)
        {
            throw new RejectedException("template.file");
        }
    }

    public static string Write(JsonNode node)
    {
        var text = new StringWriter { NewLine = "\n" };
        var emitter = new Emitter(text, new EmitterSettings(bestIndent: 2, bestWidth: int.MaxValue, isCanonical: false, maxSimpleKeyLength: 1024));
        emitter.Emit(new StreamStart());
        emitter.Emit(new DocumentStart());
        Write(emitter, node);
        emitter.Emit(new DocumentEnd(isImplicit: true));
        emitter.Emit(new StreamEnd());
        return text.ToString();
    }

    private static JsonNode? Read(Parser parser, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new RejectedException("template.file");
        }

        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return scalar is { Style: ScalarStyle.Plain, Value: "" or "~" or "null" } ? null : JsonValue.Create(scalar.Value);
        }

        if (parser.TryConsume<SequenceStart>(out _))
        {
            var items = new JsonArray();
            while (!parser.TryConsume<SequenceEnd>(out _))
            {
                items.Add(Read(parser, depth + 1));
            }

            return items;
        }

        // An alias is neither: a few of them would make a file of any size.
        parser.Consume<MappingStart>();
        var members = new JsonObject();
        while (!parser.TryConsume<MappingEnd>(out _))
        {
            members[parser.Consume<Scalar>().Value] = Read(parser, depth + 1);
        }

        return members;
    }

    private static void Write(Emitter emitter, JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                emitter.Emit(new MappingStart());
                foreach (var (name, value) in members)
                {
                    emitter.Emit(new Scalar(name));
                    Write(emitter, value);
                }

                emitter.Emit(new MappingEnd());
                break;
            case JsonArray items:
                emitter.Emit(new SequenceStart(AnchorName.Empty, TagName.Empty, isImplicit: true, SequenceStyle.Block));
                foreach (var item in items)
                {
                    Write(emitter, item);
                }

                emitter.Emit(new SequenceEnd());
                break;
            case JsonValue value when value.GetValueKind() == JsonValueKind.String:
                var text = value.GetValue<string>();
                emitter.Emit(new Scalar(AnchorName.Empty, TagName.Empty, text, IsProse(text) ? ScalarStyle.Literal : ScalarStyle.DoubleQuoted, isPlainImplicit: true, isQuotedImplicit: true));
                break;
            default:
                emitter.Emit(new Scalar(node?.ToJsonString() ?? "null"));
                break;
        }
    }

    // Several lines stand as they are read, unless a space or a sign in them would be lost so.
    private static bool IsProse(string text) =>
        text.Contains('\n') && text[0] is not (' ' or '\n') && text[^1] != '\n'
        && text.Split('\n').All(line => !line.EndsWith(' ') && line.All(letter => !char.IsControl(letter) && !char.IsSurrogate(letter) && letter is not ('\u2028' or '\u2029' or '\u0085' or '\uFEFF')));
}
