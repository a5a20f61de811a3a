using Mono.Cecil;

namespace Calango.Architecture.Tests;

/// <summary>A feature of the core may use those of lower layers; neighbours of one layer may use each other in one direction.</summary>
public sealed class LayerTests
{
    private static readonly string[][] Layers =
    [
        ["Errors", "Network", "Telemetry"],
        ["Data"],
        ["Identity", "Audit", "Privacy", "Localization", "Jobs", "Mail"],
        ["Models", "Files", "Plugins", "Events"],
        ["Search", "Knowledge", "Templates", "Quotas", "Tools", "Webhooks"],
        ["Agents"],
        ["Chat"],
        ["Arena", "Voice", "Insights", "Memory", "Sharing", "Exchange", "PersonalData"],
    ];

    [Fact]
    public void Every_feature_has_its_layer() => Rule.IsBrokenByNone(Uses().Select(use => use.From).Distinct().Where(feature => LayerOf(feature) < 0));

    [Fact]
    public void No_feature_uses_one_of_a_higher_layer() =>
        Rule.IsBrokenByNone(Uses().Where(use => LayerOf(use.To) > LayerOf(use.From)).Select(use => $"{use.Member} uses {use.Type}").Distinct());

    [Fact]
    public void No_features_use_each_other()
    {
        var uses = Uses().Select(use => (use.From, use.To)).Distinct().ToLookup(use => use.From, use => use.To);

        Rule.IsBrokenByNone(uses.Select(feature => feature.Key).Where(feature => Reaches(uses, feature, feature, [])));
    }

    private static bool Reaches(ILookup<string, string> uses, string from, string goal, HashSet<string> seen) =>
        uses[from].Any(next => next == goal || (seen.Add(next) && Reaches(uses, next, goal, seen)));

    // What lies at the root of the core is its table of contents and its options: it sees all, and all see it.
    private static IEnumerable<(string From, string To, string Member, string Type)> Uses() =>
        from type in Assemblies.Core.MainModule.GetTypes()
        from mention in Assemblies.Mentions(type)
        let @from = FeatureOf(Outermost(type))
        let to = FeatureOf(mention.Type)
        where @from is not null && to is not null && @from != to
        select (@from, to, mention.Member, mention.Type.FullName);

    private static string? FeatureOf(TypeReference type) =>
        type.Namespace.StartsWith("Calango.Core.", StringComparison.Ordinal) ? type.Namespace.Split('.')[2] : null;

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static int LayerOf(string feature) => Array.FindIndex(Layers, layer => layer.Contains(feature));
}
