using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Calango.Architecture.Tests.Sdk;

/// <summary>The page of all public types, from what the sources say of them.</summary>
internal sealed partial class ReferencePage
{
    private readonly Dictionary<string, XElement> _docs;
    private readonly StringBuilder _page = new();

    private ReferencePage(string documentation) =>
        _docs = XDocument.Load(documentation).Descendants("member").ToDictionary(member => member.Attribute("name")!.Value);

    /// <param name="assembly">The Sdk.</param>
    /// <param name="documentation">The XML file that the compiler wrote beside it.</param>
    public static string Of(Assembly assembly, string documentation)
    {
        var page = new ReferencePage(documentation);
        page.WriteHead(assembly);
        foreach (var type in Signatures.TypesOf(assembly))
        {
            page.Write(type);
        }

        return page._page.ToString().TrimEnd() + "\n";
    }

    private void WriteHead(Assembly assembly)
    {
        var types = Signatures.TypesOf(assembly).Select(type => $"[{type.Name}](#{type.Name.ToLowerInvariant()})");
        _page.Append($"# Calango.Sdk {assembly.GetName().Version!.ToString(3)}\n\n");
        _page.Append("Every public type, as its sources describe it; written by `./calango sdk page`. [sdk.md](sdk.md) says where to begin, and what may change.\n\n");
        _page.Append(string.Join(" · ", types)).Append("\n\n");
    }

    private void Write(Type type)
    {
        var doc = _docs.GetValueOrDefault($"T:{type.FullName}");
        _page.Append($"## {type.Name}\n\n```csharp\n{Signatures.Of(type)}\n```\n\n{Text(doc?.Element("summary"))}\n\n");
        var members = Signatures.MembersOf(type).Select(member => $"- `{Shown(member)}`{Described(member, doc)}").ToList();
        if (members.Count > 0)
        {
            _page.Append(string.Join('\n', members)).Append("\n\n");
        }
    }

    // In an interface every member is abstract, but for those that say otherwise.
    private static string Shown(MemberInfo member) => MustOrMay().Replace(Signatures.Of(member), match => match.Value == "virtual " && member.DeclaringType!.IsInterface ? "optional: " : "");

    private string Described(MemberInfo member, XElement? ofType)
    {
        var doc = _docs.GetValueOrDefault(KeyOf(member));
        var parts = new List<string> { Text(doc?.Element("summary") ?? ParameterOf(member, ofType)) };
        if (member is MethodBase)
        {
            // A record's constructor is described with its type.
            parts.AddRange((doc ?? ofType)?.Elements("param").Where(_ => member is not ConstructorInfo || doc is not null).Select(parameter => $"`{parameter.Attribute("name")!.Value}`: {Text(parameter)}") ?? []);
            parts.AddRange(doc?.Elements("exception").Select(exception => $"Throws `{NameOf(exception.Attribute("cref")!.Value)}`: {Text(exception)}") ?? []);
        }

        var said = string.Join(' ', parts.Where(part => part.Length > 0));
        return said.Length > 0 ? $": {said}" : "";
    }

    // A property of a record's first line is described as its parameter.
    private static XElement? ParameterOf(MemberInfo member, XElement? ofType) =>
        member is PropertyInfo ? ofType?.Elements("param").FirstOrDefault(parameter => parameter.Attribute("name")!.Value == member.Name) : null;

    private static string KeyOf(MemberInfo member) => member switch
    {
        MethodBase method => $"M:{method.DeclaringType!.FullName}.{(method is ConstructorInfo ? "#ctor" : method.Name)}"
            + (method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "")
            + (method.GetParameters() is { Length: > 0 } parameters ? $"({string.Join(',', parameters.Select(parameter => KeyOf(parameter.ParameterType)))})" : ""),
        PropertyInfo property => $"P:{property.DeclaringType!.FullName}.{property.Name}"
            + (property.GetIndexParameters() is { Length: > 0 } parameters ? $"({string.Join(',', parameters.Select(parameter => KeyOf(parameter.ParameterType)))})" : ""),
        _ => $"F:{member.DeclaringType!.FullName}.{member.Name}",
    };

    private static string KeyOf(Type type) =>
        type.IsArray ? $"{KeyOf(type.GetElementType()!)}[]"
        : type.IsGenericType ? $"{type.Namespace}.{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}{{{string.Join(',', type.GetGenericArguments().Select(KeyOf))}}}"
        : type.FullName!;

    private static string Text(XElement? element) => element is null ? "" : Spaces().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim();

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" } see => $"`{NameOf((see.Attribute("cref") ?? see.Attribute("langword"))!.Value)}`",
        XElement { Name.LocalName: "paramref" or "typeparamref" } reference => $"`{reference.Attribute("name")!.Value}`",
        XElement { Name.LocalName: "c" } code => $"`{code.Value}`",
        XElement inner => Text(inner),
        _ => "",
    };

    // "M:Calango.Sdk.IPlugin.Register(Calango.Sdk.IPluginBuilder)" is IPlugin.Register.
    private static string NameOf(string reference)
    {
        var name = Arguments().Replace(reference, "");
        var parts = name.Split(':')[^1].Split('.');
        return name.StartsWith("T:", StringComparison.Ordinal) || parts.Length < 2 ? parts[^1] : $"{parts[^2]}.{parts[^1]}";
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\(.*\)$|`+[0-9]+")]
    private static partial Regex Arguments();

    [GeneratedRegex("^(abstract|virtual) ")]
    private static partial Regex MustOrMay();
}
