using Calango.Core.Errors;
using Calango.Core.Plugins;
using Calango.Tests.Fixtures;

namespace Calango.Core.Tests.Plugins;

/// <summary>What is not installed: because it is older, another, somebody else's, taken back, or not what was consented to.</summary>
public sealed class PluginRefusalTests : InstallerTestBase
{
    [Fact]
    public async Task F05_an_older_version_is_no_update()
    {
        await InstallAsync(Packages.Pack("1.1.0"));
        await AssertRefusedAsync("plugin.downgrade", () => InspectAsync(Packages.Pack("1.0.0")));
        await AssertRefusedAsync("plugin.downgrade", () => InspectAsync(Packages.Pack("1.1.0-rc.1")));
    }

    [Fact]
    public async Task A_version_has_one_content()
    {
        await InstallAsync(Packages.Pack("1.0.0"));
        await AssertRefusedAsync("plugin.sameVersion", () => InspectAsync(Packages.Pack("1.0.0", change: text => text.Replace("\"Echo\"", "\"Echo again\"", StringComparison.Ordinal))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task F05_an_id_belongs_to_whoever_published_it_first(bool signed)
    {
        await InstallAsync(Packages.Pack("1.0.0"));
        using var others = new PluginPackages();

        var refused = await AssertRefusedAsync("plugin.taken", () => InspectAsync(others.Pack("2.0.0", signed: signed)));
        Assert.Contains(refused.Arguments, argument => argument.Value == PluginPackages.Publisher);

        await EndAsync(Installer.Remove("echo", withData: false));
        await AssertRefusedAsync("plugin.taken", () => InspectAsync(others.Pack("2.1.0", signed: signed)));
        await InstallAsync(Packages.Pack("1.2.0"));
        await EndAsync(Installer.Remove("echo", withData: true));
        Assert.Equal("2.2.0", (await InspectAsync(others.Pack("2.2.0", signed: signed))).Manifest.Version);
    }

    [Fact]
    public async Task An_id_of_the_build_is_taken_for_strangers_and_given_back_by_those_who_are_trusted()
    {
        using var folder = new PluginsFolder();
        folder.CopyBuilt("echo", "1.0.0");
        await using var kernel = await TestKernel.StartAsync(plugins: folder.Path);
        var installer = kernel.Get<PluginInstaller>();

        await AssertRefusedAsync("plugin.builtIn", () => InspectAsync(Packages.Pack("1.1.0"), installer));
        kernel.Get<PluginTrust>().Add(PluginPackages.Publisher, Packages.Key.PublicKey);
        var inspected = await InspectAsync(Packages.Pack("1.2.0"), installer);
        Assert.True(inspected is { ReplacesBuiltIn: true, NeedsInProcessAccepted: false, Level: PluginTrustLevel.Trusted });
        Assert.Equal(PluginOutcome.Done, (await EndAsync(installer.Install(new PluginConsent(inspected.Digest, inspected.Level)), installer)).Outcome);
        Assert.Equal("1.2.0", Serving(kernel));

        await EndAsync(installer.Remove("echo", withData: true), installer);
        Assert.Equal("1.0.0", Serving(kernel));
    }

    [Fact]
    public async Task Consent_is_for_exactly_what_was_shown()
    {
        var inspected = await InspectAsync(Packages.Pack("1.0.0"));
        Assert.Equal("plugin.consent", Assert.Throws<RejectedException>(() => Installer.Install(new PluginConsent(new string('0', 64), inspected.Level, true))).Code);
        Assert.Equal("plugin.consent", Assert.Throws<RejectedException>(() => Installer.Install(new PluginConsent("../../etc/passwd", inspected.Level, true))).Code);
        Assert.Equal("plugin.consent", Assert.Throws<RejectedException>(() => Installer.Install(new PluginConsent(inspected.Digest, PluginTrustLevel.Trusted, true))).Code);
        Assert.Equal("plugin.inProcess", Assert.Throws<RejectedException>(() => Installer.Install(new PluginConsent(inspected.Digest, inspected.Level))).Code);

        Kernel.Get<PluginTrust>().Add(PluginPackages.Publisher, Packages.Key.PublicKey);
        Assert.Equal("plugin.consent", Assert.Throws<RejectedException>(() => Installer.Install(new PluginConsent(inspected.Digest, inspected.Level, true))).Code);
        Assert.Equal([], Installer.History);
    }

    [Fact]
    public async Task What_was_taken_back_is_neither_installed_nor_started()
    {
        var package = Packages.Pack("1.0.0");
        var inspected = await InspectAsync(package);
        await InstallAsync(package);

        Kernel.Get<PluginTrust>().Revoke([inspected.Digest]);
        Assert.True(Assert.Single(Installer.Plugins).IsRevoked);
        await AssertRefusedAsync("plugin.revoked.package", () => InspectAsync(package));
        await Kernel.RestartAsync();
        Assert.Null(Serving());
        Assert.Contains("taken back", Assert.Single(Kernel.Get<PluginHost>().Plugins).Reason, StringComparison.Ordinal);

        Kernel.Get<PluginTrust>().Revoke([Packages.Key.Id]);
        await AssertRefusedAsync("plugin.revoked.key", () => InspectAsync(Packages.Pack("1.1.0")));
    }

    [Fact]
    public async Task A_key_speaks_for_one_name()
    {
        Kernel.Get<PluginTrust>().Add("Somebody else", Packages.Key.PublicKey);
        await AssertRefusedAsync("plugin.publisher.otherName", () => InspectAsync(Packages.Pack("1.0.0")));
    }
}
