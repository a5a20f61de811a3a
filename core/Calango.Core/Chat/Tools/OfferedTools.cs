using System.Text.Json;
using Calango.Core.Tools;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Core.Chat;

/// <summary>The tools that one turn offers its model, and what the person says of each.</summary>
internal sealed class OfferedTools(IReadOnlyList<CatalogTool> tools, IReadOnlyDictionary<string, ToolPermission> rules)
{
    /// <summary>For a model that cannot call any, or a chat that wants none.</summary>
    public static OfferedTools None { get; } = new([], new Dictionary<string, ToolPermission>());

    /// <summary>As models are told of them.</summary>
    public IReadOnlyList<AITool> Declarations { get; } =
        [.. tools.Select(tool => AIFunctionFactory.CreateDeclaration(tool.Name, tool.Info.Description, JsonElement.Parse(tool.Info.Schema)))];

    /// <summary>As a trace has them; null: none.</summary>
    public IReadOnlyList<TracedTool>? Traced { get; } =
        tools.Count == 0 ? null : [.. tools.Select(tool => new TracedTool(tool.Name, tool.Info.Description, JsonElement.Parse(tool.Info.Schema), tool.Key))];

    /// <summary>The tool that a model means; null: none was offered under this name.</summary>
    public CatalogTool? Find(string name) => tools.FirstOrDefault(tool => tool.Name == name);

    /// <summary>What happens when it is called.</summary>
    public ToolPermission PermissionOf(CatalogTool tool) => PermissionOf(tool, rules);

    internal static ToolPermission PermissionOf(CatalogTool tool, IReadOnlyDictionary<string, ToolPermission> rules) =>
        rules.TryGetValue(tool.Key, out var said) ? said : ToolRule.DefaultOf(tool.Info.Effect);

    /// <summary>Whether a tool's result may be given again to the same call.</summary>
    public static bool IsPure(CatalogTool tool) => tool.Info.Effect == ToolEffect.Pure;
}
