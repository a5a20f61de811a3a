using System.Text.RegularExpressions;
using Calango.Tests.Fixtures;

namespace Calango.Architecture.Tests;

/// <summary>What the pages about security and about use promise, a test holds: each that they name exists.</summary>
public sealed partial class NamedTests
{
    [Theory]
    [InlineData("SECURITY.md")]
    [InlineData("docs/security/asvs.md")]
    [InlineData("docs/ux.md")]
    public void Each_test_that_is_named_exists(string page)
    {
        var tests = Sources.In("tests", ".cs").SelectMany(file => Method().Matches(File.ReadAllText(file))).Select(match => match.Groups[1].Value).ToHashSet();
        var named = Name().Matches(File.ReadAllText(Path.Combine(TestFolders.Repository, page))).Select(match => match.Groups[1].Value).ToList();

        Assert.NotEmpty(named);
        Assert.Empty(named.Where(name => !tests.Contains(name)).Distinct());
    }

    [GeneratedRegex(@"public (?:async )?(?:Task|void) (\w+)\(")]
    private static partial Regex Method();

    [GeneratedRegex("`([A-Z]\\w*_\\w*[a-z]\\w*)`")]
    private static partial Regex Name();
}
