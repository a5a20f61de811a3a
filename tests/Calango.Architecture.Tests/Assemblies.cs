using System.Text.Json;
using Calango.Tests.Fixtures;
using Mono.Cecil;

namespace Calango.Architecture.Tests;

/// <summary>Our assemblies as they were built, read without being loaded.</summary>
internal static class Assemblies
{
    /// <summary>From its own project: the copy beside the tests carries the coverage's probes, and their reference with them.</summary>
    public static AssemblyDefinition Sdk { get; } = AssemblyDefinition.ReadAssembly(Path.Combine(TestFolders.Repository, "core/Calango.Sdk", BuildOutput, "Calango.Sdk.dll"));

    public static AssemblyDefinition Core { get; } = Ours("Calango.Core");

    public static AssemblyDefinition Web { get; } = Ours("Calango.Web");

    public static IReadOnlyList<AssemblyDefinition> Migrations { get; } = [Ours("Calango.Migrations.Sqlite"), Ours("Calango.Migrations.Postgres")];

    public static IReadOnlyList<AssemblyDefinition> Plugins { get; } =
        [.. Directory.GetDirectories(TestFolders.Plugins).Where(folder => File.Exists(Path.Combine(folder, "plugin.json"))).Select(Plugin)];

    /// <summary>The types of ours that a type mentions: in its shape, its members and their code; each with the member that mentions it.</summary>
    public static IEnumerable<(string Member, TypeReference Type)> Mentions(TypeDefinition type)
    {
        IEnumerable<(string, TypeReference?)> shape =
        [
            (type.FullName, type.BaseType),
            .. type.Interfaces.Select(implemented => (type.FullName, (TypeReference?)implemented.InterfaceType)),
            .. type.Fields.Select(field => (field.FullName, (TypeReference?)field.FieldType)),
        ];
        return shape.Concat(type.Methods.SelectMany(MentionsOf))
            .SelectMany(mention => Parts(mention.Item2).Select(part => (mention.Item1, part)))
            .Where(mention => mention.part.Namespace.StartsWith("Calango.", StringComparison.Ordinal) || mention.part.Namespace == "Calango");
    }

    private static IEnumerable<(string, TypeReference?)> MentionsOf(MethodDefinition method)
    {
        IEnumerable<TypeReference?> signature = [method.ReturnType, .. method.Parameters.Select(parameter => parameter.ParameterType)];
        var code = method.HasBody
            ? method.Body.Variables.Select(variable => variable.VariableType).Concat(method.Body.Instructions.SelectMany(instruction => Operands(instruction.Operand)))
            : [];
        return signature.Concat(code).Select(type => (method.FullName, type));
    }

    private static IEnumerable<TypeReference?> Operands(object? operand) => operand switch
    {
        TypeReference type => [type],
        GenericInstanceMethod method => [method.DeclaringType, .. method.GenericArguments],
        MemberReference member => [member.DeclaringType],
        _ => [],
    };

    private static IEnumerable<TypeReference> Parts(TypeReference? type) => type switch
    {
        null => [],
        GenericInstanceType generic => Parts(generic.ElementType).Concat(generic.GenericArguments.SelectMany(Parts)),
        TypeSpecification wrapped => Parts(wrapped.ElementType),
        { DeclaringType: { } outer } => Parts(outer),
        _ => [type],
    };

    /// <summary>Where a project of this build puts its assembly: bin/Debug/net10.0.</summary>
    private static string BuildOutput => Path.GetRelativePath(Path.Combine(TestFolders.Repository, "tests/Calango.Architecture.Tests"), AppContext.BaseDirectory);

    private static AssemblyDefinition Ours(string name) => AssemblyDefinition.ReadAssembly(Path.Combine(AppContext.BaseDirectory, name + ".dll"));

    private static AssemblyDefinition Plugin(string folder)
    {
        using var manifest = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "plugin.json")));
        return AssemblyDefinition.ReadAssembly(Path.Combine(folder, manifest.RootElement.GetProperty("entry").GetString()!));
    }
}
