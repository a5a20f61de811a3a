using Calango.Tests.Fixtures;

namespace Calango.Architecture.Tests;

public sealed class CompletenessTests
{
    [Fact]
    public void The_solution_names_every_project()
    {
        // It is built by the migration tool alone, and its packages cannot all be restored.
        const string designProject = "Calango.Migrations.Design.csproj";
        var solution = File.ReadAllText(Path.Combine(TestFolders.Repository, "Calango.sln"));

        var projects = new[] { "core", "web", "plugins", "migrations", "tests" }.SelectMany(folder => Sources.In(folder, ".csproj"))
            .Where(project => Path.GetFileName(project) != designProject);

        Rule.IsBrokenByNone(projects.Where(project => !solution.Contains($"{Path.GetFileName(project)}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void Both_databases_have_the_same_migrations_in_the_same_order()
    {
        var sqlite = Migrations("Sqlite");

        Assert.NotEmpty(sqlite);
        Assert.Equal(sqlite, Migrations("Postgres"));
    }

    [Fact]
    public void No_file_is_too_long_to_read()
    {
        const int most = 300;
        var files = new[] { "core", "web", "plugins" }.SelectMany(folder => Sources.In(folder, ".cs", ".cshtml", ".js", ".mjs", ".css"));

        Rule.IsBrokenByNone(files.Where(file => File.ReadLines(file).Count() > most));
    }

    // A file is named <time>_<Name>.cs, and the two tools ran some seconds apart.
    private static IReadOnlyList<string> Migrations(string database) =>
        [.. Sources.In($"migrations/Calango.Migrations.{database}/Migrations", ".cs").Select(file => Path.GetFileNameWithoutExtension(file))
            .Where(name => char.IsAsciiDigit(name[0]) && !name.EndsWith(".Designer", StringComparison.Ordinal)).Order(StringComparer.Ordinal)
            .Select(name => name[(name.IndexOf('_') + 1)..])];
}
