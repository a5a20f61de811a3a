using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Calango.Architecture.Tests.Sdk;

/// <summary>Public types and members as C# would write them.</summary>
internal static class Signatures
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(bool)] = "bool", [typeof(int)] = "int", [typeof(long)] = "long", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(decimal)] = "decimal",
        [typeof(string)] = "string", [typeof(object)] = "object", [typeof(void)] = "void", [typeof(byte)] = "byte",
    };

    /// <summary>The public types of an assembly, in the order of its sources.</summary>
    public static IEnumerable<Type> TypesOf(Assembly assembly) => assembly.GetExportedTypes().OrderBy(type => type.MetadataToken);

    /// <summary>What others can call or must implement, without what the compiler adds to a record.</summary>
    public static IEnumerable<MemberInfo> MembersOf(Type type) => type.GetMembers(Declared)
        .Where(member => !member.IsDefined(typeof(CompilerGeneratedAttribute)) && IsSeen(member)).OrderBy(member => member.MetadataToken);

    /// <summary>A type's kind, name and what it derives from.</summary>
    public static string Of(Type type)
    {
        var isRecord = type.GetMethod("<Clone>$") is not null;
        var kind = type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct"
            : (type.IsAbstract, type.IsSealed) switch { (true, true) => "static class", (true, false) => "abstract class", (false, true) => "sealed class", _ => "class" };
        kind = isRecord ? kind.Replace("class", "record", StringComparison.Ordinal) : kind;
        var bases = new[] { type.BaseType }.Where(above => above is not null && above != typeof(object) && above != typeof(Enum) && above != typeof(ValueType)).Select(above => NameOf(above!, null))
            .Concat(type.IsEnum || isRecord ? [] : type.GetInterfaces().Except(type.BaseType?.GetInterfaces() ?? []).Select(above => NameOf(above, null)).Order(StringComparer.Ordinal));
        var all = string.Join(", ", bases);
        return $"{kind} {NameOf(type, null)}{(all.Length > 0 ? $" : {all}" : "")}";
    }

    /// <summary>A member as it is declared; one of an interface says whether it must be implemented.</summary>
    public static string Of(MemberInfo member) => member switch
    {
        FieldInfo { IsLiteral: true, DeclaringType.IsEnum: true } value => $"{value.Name} = {Convert.ToInt64(value.GetRawConstantValue(), CultureInfo.InvariantCulture)}",
        FieldInfo field => $"{(field.IsLiteral ? "const " : field.IsStatic ? "static " : "")}{NameOf(field.FieldType, new NullabilityInfoContext().Create(field))} {field.Name}",
        ConstructorInfo constructor => $"{constructor.DeclaringType!.Name}({Parameters(constructor)})",
        PropertyInfo property => Of(property),
        MethodInfo method => $"{Modifiers(method)}{NameOf(method.ReturnType, new NullabilityInfoContext().Create(method.ReturnParameter))} {method.Name}{Generics(method)}({Parameters(method)}){Constraints(method)}",
        _ => member.ToString()!,
    };

    private static string Of(PropertyInfo property)
    {
        var accessor = property.GetMethod ?? property.SetMethod!;
        var required = property.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        var name = property.GetIndexParameters() is { Length: > 0 } index ? $"this[{string.Join(", ", index.Select(Of))}]" : property.Name;
        var set = property.SetMethod is not { IsPublic: true } setter ? "" : setter.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;";
        return $"{Modifiers(accessor)}{required}{NameOf(property.PropertyType, new NullabilityInfoContext().Create(property))} {name} {{ get;{set} }}";
    }

    private static bool IsSeen(MemberInfo member) => member switch
    {
        MethodInfo method => (method.IsPublic || method.IsFamily) && !method.IsSpecialName && method.GetBaseDefinition() == method,
        ConstructorInfo constructor => constructor.IsPublic || constructor.IsFamily,
        PropertyInfo property => property.GetMethod is { IsPublic: true } or { IsFamily: true },
        FieldInfo field => (field.IsPublic || field.IsFamily) && !field.IsSpecialName,
        EventInfo => true,
        _ => false,
    };

    private static string Modifiers(MethodInfo method) =>
        method.IsStatic ? "static " : method.DeclaringType!.IsInterface ? method.IsAbstract ? "abstract " : "virtual "
        : method.IsAbstract ? "abstract " : method is { IsVirtual: true, IsFinal: false, DeclaringType.IsSealed: false } ? "virtual " : "";

    private static string Generics(MethodInfo method) => method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(argument => argument.Name))}>" : "";

    private static string Constraints(MethodInfo method) => string.Concat(method.IsGenericMethod ? method.GetGenericArguments().Select(Constraint) : []);

    private static string Constraint(Type argument)
    {
        var attributes = argument.GenericParameterAttributes;
        var all = string.Join(", ", new[] { attributes.HasFlag(GenericParameterAttributes.ReferenceTypeConstraint) ? "class" : null }
            .Concat(argument.GetGenericParameterConstraints().Select(above => NameOf(above, null)))
            .Append(attributes.HasFlag(GenericParameterAttributes.DefaultConstructorConstraint) ? "new()" : null).OfType<string>());
        return all.Length > 0 ? $" where {argument.Name} : {all}" : "";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Of));

    private static string Of(ParameterInfo parameter) =>
        $"{NameOf(parameter.ParameterType, new NullabilityInfoContext().Create(parameter))} {parameter.Name}{(parameter.HasDefaultValue ? $" = {Value(parameter)}" : "")}";

    private static string Value(ParameterInfo parameter) => parameter.DefaultValue switch
    {
        null => parameter.ParameterType.IsValueType && Nullable.GetUnderlyingType(parameter.ParameterType) is null ? "default" : "null",
        string text => $"\"{text}\"",
        bool truth => truth ? "true" : "false",
        var value => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string NameOf(Type type, NullabilityInfo? nullability)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying)
        {
            return $"{NameOf(underlying, null)}?";
        }

        var mark = nullability is { ReadState: NullabilityState.Nullable } && !type.IsValueType ? "?" : "";
        if (type.IsArray)
        {
            return $"{NameOf(type.GetElementType()!, nullability?.ElementType)}[]{mark}";
        }

        if (!type.IsGenericType)
        {
            return $"{Keywords.GetValueOrDefault(type, type.Name)}{mark}";
        }

        var arguments = type.GetGenericArguments().Select((argument, at) => NameOf(argument, nullability?.GenericTypeArguments.ElementAtOrDefault(at)));
        return $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", arguments)}>{mark}";
    }
}
