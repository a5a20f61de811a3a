using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Calango.Core.Knowledge;

/// <summary>What the server asks for, on the first line of the reading program's input. The end of that input ends the program.</summary>
/// <param name="Path">The file.</param>
/// <param name="FileName">What people call it: tells the language of code, and nothing else that matters.</param>
/// <param name="Folder">Where to put the files that are in it; null: it is read itself.</param>
internal sealed record ExtractionRequest(string Path, string FileName, string? Folder);

/// <summary>A line of the reading program's output. One of these is set; none: it is at work.</summary>
/// <param name="Unit">A piece of the document, in order.</param>
/// <param name="File">A file that was taken out of it.</param>
/// <param name="End">All is said.</param>
/// <param name="Failure">It cannot be read.</param>
internal sealed record ExtractionLine(ExtractedUnit? Unit = null, UnpackedFile? File = null, ExtractionEnd? End = null, ExtractionFailure? Failure = null);

/// <summary>What is known of a document once it is read.</summary>
internal sealed record ExtractionEnd(string? Title = null, int? Pages = null);

/// <summary>Why a document cannot be read.</summary>
/// <param name="Code">The end of the locale key <c>knowledge.failure.{code}</c>.</param>
/// <param name="Arguments">What the sentence names, by placeholder.</param>
internal sealed record ExtractionFailure(string Code, IReadOnlyDictionary<string, string>? Arguments = null);

/// <summary>A file that was taken out of an archive or a mail.</summary>
/// <param name="Name">Where it was in there, with forward slashes. It comes from a stranger: to be shown, never a path to be opened.</param>
/// <param name="Path">Where it is now.</param>
internal sealed record UnpackedFile(string Name, string Path);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ExtractionRequest))]
[JsonSerializable(typeof(ExtractionLine))]
internal sealed partial class ExtractionJson : JsonSerializerContext
{
    /// <summary>Letters stay letters: it goes through a pipe, not into a page.</summary>
    public static ExtractionJson Plain { get; } = new(new JsonSerializerOptions
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    });
}
