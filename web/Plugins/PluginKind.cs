using Calango.Web.Hosting;

namespace Calango.Web.Plugins;

/// <summary>A kind of plugin of which there is a template.</summary>
/// <param name="Name">As an author names it.</param>
/// <param name="Provides">As its plugin.json names it.</param>
/// <param name="What">What the template does, after "a plugin for Calango".</param>
internal sealed record PluginKind(string Name, string Provides, string What)
{
    private static readonly IReadOnlyList<PluginKind> All =
    [
        new("provider", "model-provider", "a model that answers with the question, read backwards."),
        new("embedder", "model-provider", "a model that turns texts into vectors, by how their words are written."),
        new("tool", "tool-source", "a tool with which models count words."),
        new("event-sink", "event-sink", "a file that gets what models do, one line an answer."),
        new("storage", "blob-store", "a folder in which the server's files are kept."),
        new("retriever", "passage-index", "an index in memory that finds passages by their vectors."),
    ];

    // Their contracts come with the first plugin of ours that implements them.
    private static readonly string[] Planned = ["speech", "turn-filter"];

    private static string Names => string.Join(", ", All.Select(kind => kind.Name));

    /// <exception cref="StartRefusedException">There is none of this name, or not yet.</exception>
    public static PluginKind Of(string name) => All.FirstOrDefault(kind => kind.Name == name) ?? throw new StartRefusedException(Planned.Contains(name)
        ? $"Calango has no contract for the kind '{name}' yet: a contract exists once a plugin of Calango's own implements it and a turn uses it. There are: {Names}."
        : $"There is no kind of plugin '{name}'. There are: {Names}.");
}
