using Mono.Cecil;

namespace Calango.Architecture.Tests;

public sealed class ReferenceTests
{
    [Fact]
    public void The_sdk_refers_to_dotnet_and_three_abstractions_only()
    {
        string[] allowed = ["Microsoft.Extensions.AI.Abstractions", "Microsoft.Extensions.DependencyInjection.Abstractions", "Microsoft.Extensions.Logging.Abstractions"];

        Rule.IsBrokenByNone(References(Assemblies.Sdk).Where(name => !name.StartsWith("System.", StringComparison.Ordinal)).Except(allowed));
    }

    [Fact]
    public void A_plugin_refers_to_nothing_of_ours_but_the_sdk()
    {
        Assert.NotEmpty(Assemblies.Plugins);
        Assert.All(Assemblies.Plugins, plugin => Rule.IsBrokenByNone(Ours(plugin).Except(["Calango.Sdk"])));
    }

    [Fact]
    public void The_core_refers_to_nothing_of_ours_but_the_sdk() => Rule.IsBrokenByNone(Ours(Assemblies.Core).Except(["Calango.Sdk"]));

    [Fact]
    public void The_web_refers_to_the_core_and_the_sdk_only() => Rule.IsBrokenByNone(Ours(Assemblies.Web).Except(["Calango.Core", "Calango.Sdk"]));

    [Fact]
    public void The_migrations_refer_to_the_core_only() =>
        Assert.All(Assemblies.Migrations, migrations => Rule.IsBrokenByNone(Ours(migrations).Except(["Calango.Core"])));

    [Fact]
    public void Only_the_host_sees_the_database()
    {
        // Ownership, encryption and retention are applied in the core: a page that queried by itself would go round them.
        string[] hidden = ["Calango.Core.Data.CalangoDb", "Calango.Core.Data.Database"];

        var seen = Assemblies.Web.MainModule.GetTypes().Where(type => !Outermost(type).Namespace.StartsWith("Calango.Web.Hosting", StringComparison.Ordinal))
            .SelectMany(Assemblies.Mentions).Where(mention => hidden.Contains(mention.Type.FullName)).Select(mention => mention.Member);

        Rule.IsBrokenByNone(seen.Distinct());
    }

    private static IEnumerable<string> Ours(AssemblyDefinition assembly) => References(assembly).Where(name => name.StartsWith("Calango.", StringComparison.Ordinal));

    private static IEnumerable<string> References(AssemblyDefinition assembly) => assembly.MainModule.AssemblyReferences.Select(reference => reference.Name);

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
