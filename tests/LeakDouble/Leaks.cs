using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics.Metrics;
using System.Linq.Expressions;
using System.Runtime.Serialization;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using System.Xml.Serialization;
using Microsoft.Extensions.AI;

namespace Calango.Tests.LeakDouble;

/// <summary>What plugins do that leaves something behind in the process, and what only looks like it.</summary>
public static class Leaks
{
    private static Timer? _timer;

    /// <summary>By name.</summary>
    public static IReadOnlyDictionary<string, Action> All { get; } = new Dictionary<string, Action>
    {
        ["json"] = () => JsonSerializer.Deserialize<Note>(JsonSerializer.Serialize(new Note { Text = "one" })),
        ["function"] = () => _ = AIFunctionFactory.Create((Note note) => note.Text, "read").JsonSchema.ToString(),
        ["dynamic"] = () => Require(Length((dynamic)new Note { Text = "one" }) == 3),
        ["annotations"] = () => Validate(new Note { Text = "one" }),
        ["type-descriptor"] = () => Require(TypeDescriptor.GetProperties(typeof(Note)).Count == 1 && TypeDescriptor.GetConverter(typeof(Kind)).ConvertToString(Kind.First) == "First"),
        ["xml-serializer"] = () => new XmlSerializer(typeof(Note)).Serialize(TextWriter.Null, new Note { Text = "one" }),
        ["xml-linq"] = () => Require(XElement.Parse("<a b='1'/>").Attribute("b")!.Value == "1"),
        ["data-contract"] = () => new DataContractSerializer(typeof(Note)).WriteObject(Stream.Null, new Note { Text = "one" }),
        ["meter"] = () => _ = new Meter("Leak").CreateObservableGauge("leak.value", () => Count(1)),
        ["process-exit"] = () => AppDomain.CurrentDomain.ProcessExit += (_, _) => Count(2),
        ["unhandled-exception"] = () => AppDomain.CurrentDomain.UnhandledException += (_, _) => Count(3),
        ["first-chance"] = () => AppDomain.CurrentDomain.FirstChanceException += (_, _) => Count(4),
        ["assembly-resolve"] = () => AppDomain.CurrentDomain.AssemblyResolve += (_, _) => Count(5) > 5 ? typeof(Leaks).Assembly : null,
        ["unobserved-task"] = () => TaskScheduler.UnobservedTaskException += (_, _) => Count(6),
        ["timer"] = () => _timer = new Timer(_ => Count(7), null, 50, 50),
        ["slow-timer"] = () => _timer = new Timer(_ => Count(8), null, TimeSpan.FromHours(1), TimeSpan.FromHours(1)),
        ["regex"] = () => Require(Regex.IsMatch("one", "^o", RegexOptions.Compiled, TimeSpan.FromSeconds(1))),
        ["expression"] = () => Require(((Expression<Func<Note, int>>)(note => note.Text.Length)).Compile()(new Note { Text = "one" }) == 3),
    };

    private static int Length(dynamic note) => note.Text.Length;

    private static void Validate(Note note) => Validator.ValidateObject(note, new ValidationContext(note), validateAllProperties: true);

    private static int Count(int one) => one;

    private static void Require(bool holds)
    {
        if (!holds)
        {
            throw new InvalidOperationException();
        }
    }

    /// <summary>Something of the plugin's own type.</summary>
    public sealed class Note
    {
        /// <summary>Its text.</summary>
        [Required]
        [StringLength(10)]
        public string Text { get; set; } = "";
    }

    /// <summary>An enumeration of the plugin's own.</summary>
    public enum Kind
    {
        /// <summary>The first.</summary>
        First,
    }
}
