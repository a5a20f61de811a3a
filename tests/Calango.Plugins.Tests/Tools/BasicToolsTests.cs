using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Calango.Core.Plugins;
using Calango.Plugins.Tools;
using Calango.Sdk;
using Calango.Sdk.Testing;
using Calango.Tests.Support;
using Calango.Tests.Support.Upstream;

namespace Calango.Plugins.Tests.Tools;

public sealed class BasicToolsTests : ToolSourceConformance, IAsyncLifetime
{
    private readonly ManualTime _clock = new();
    private readonly TcpListener _silent = new(IPAddress.Loopback, 0);
    private PluginHttp _http = null!;
    private BasicTools _tools = null!;
    private ScriptedUpstream _site = null!;

    protected override IToolSource Source => _tools;

    protected override ToolServerSettings Server { get; } = new(Guid.CreateVersion7(), Guid.CreateVersion7(), new SettingsValues(new Dictionary<string, string>()));

    protected override (ToolCall Call, string Says) Good => (Calculation("19.99 * 3"), "59.97");

    protected override ToolCall Bad => Calculation("1 / 0");

    protected override ToolCall? Endless => Fetching($"http://{_silent.LocalEndpoint}/");

    public async ValueTask InitializeAsync()
    {
        _clock.Advance(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero) - _clock.GetUtcNow());
        _silent.Start();
        _site = await ScriptedUpstream.StartAsync();
        _http = new PluginHttp(new WebOptions { AllowedHosts = [_site.Address.Authority, _silent.LocalEndpoint.ToString()!] });
        _tools = new BasicTools(_http, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        _silent.Dispose();
        _http.Dispose();
    }

    [Theory]
    [InlineData("0.1 + 0.2", "0.3")]
    [InlineData("1299.90 * 3 * 0.85", "3314.745")]
    [InlineData("2 + 3 * 4", "14")]
    [InlineData("(2 + 3) * 4", "20")]
    [InlineData("-2^2", "-4")]
    [InlineData("2^3^2", "512")]
    [InlineData("2^-1", "0.5")]
    [InlineData("10 % 3", "1")]
    [InlineData("1.50", "1.5")]
    [InlineData("1e3 + 1", "1001")]
    [InlineData("2e-2", "0.02")]
    [InlineData("sqrt(2.25)", "1.5")]
    [InlineData("sqrt(2)", "1.4142135623731")]
    [InlineData("round(2.345, 2)", "2.35")]
    [InlineData("max(1, 7, 3) - min(4, 2)", "5")]
    [InlineData("avg(1, 2, 3, 4)", "2.5")]
    [InlineData("99999999999999999999 * 99999999999999999999", "1E+40")]
    [InlineData("1 / 3 * 3", "0.9999999999999999999999999999")]
    [InlineData("12 ÷ 4 × 2", "6")]
    [InlineData("1_000_000 + 1", "1000001")]
    [InlineData("0 - 0", "0")]
    public async Task The_calculator_is_exact_where_decimals_allow_it(string expression, string result) =>
        Assert.Equal(new ToolResult(result), await Source.InvokeAsync(Server, Calculation(expression), TestEnd));

    [Theory]
    [InlineData("")]
    [InlineData("1 +")]
    [InlineData("1 / 0")]
    [InlineData("0 ^ -1")]
    [InlineData("5 % 0")]
    [InlineData("(1")]
    [InlineData("1)")]
    [InlineData("2 3")]
    [InlineData("1..2")]
    [InlineData("sqrt(-1)")]
    [InlineData("10 ^ 400")]
    [InlineData("ln(0)")]
    [InlineData("System.IO.File.Delete(1)")]
    [InlineData("__import__('os')")]
    [InlineData("sqrt")]
    [InlineData("sqrt(1, 2)")]
    [InlineData("round(1, 99)")]
    [InlineData("min()")]
    public async Task The_calculator_says_what_it_cannot_do(string expression) =>
        Assert.True((await Source.InvokeAsync(Server, Calculation(expression), TestEnd)).IsError);

    [Fact]
    public async Task Nesting_without_end_is_refused()
    {
        foreach (var deep in new[] { new string('(', 1900), new string('-', 1900) + "1", string.Concat(Enumerable.Repeat("2^", 900)) + "1", string.Concat(Enumerable.Repeat("abs(", 450)) })
        {
            Assert.True((await Source.InvokeAsync(Server, Calculation(deep), TestEnd)).IsError);
        }
    }

    [Theory]
    [InlineData("{}", "2026-03-01T12:00:00+00:00 (Sunday, week 9, day 60 of the year, UTC)")]
    [InlineData("""{"zone":"America/Recife"}""", "2026-03-01T09:00:00-03:00 (Sunday, week 9, day 60 of the year, America/Recife)")]
    [InlineData("""{"zone":"Asia/Kathmandu","moment":"2026-12-31T23:00:00Z"}""", "2027-01-01T04:45:00+05:45 (Friday, week 53, day 1 of the year, Asia/Kathmandu)")]
    [InlineData("""{"zone":"Europe/Lisbon","moment":"2026-07-01T12:00:00Z"}""", "2026-07-01T13:00:00+01:00 (Wednesday, week 27, day 182 of the year, Europe/Lisbon, daylight saving time)")]
    public async Task The_clock_knows_every_zone(string arguments, string says) =>
        Assert.Equal(new ToolResult(says), await Source.InvokeAsync(Server, new ToolCall("date_and_time", arguments), TestEnd));

    [Theory]
    [InlineData("""{"zone":"Mars/Olympus"}""")]
    [InlineData("""{"zone":"../../etc/passwd"}""")]
    [InlineData("""{"moment":"soon"}""")]
    public async Task The_clock_says_what_it_does_not_know(string arguments) =>
        Assert.True((await Source.InvokeAsync(Server, new ToolCall("date_and_time", arguments), TestEnd)).IsError);

    [Fact]
    public async Task A_page_is_read_as_a_person_would_read_it()
    {
        _site.Answer("/page", """
            <html><head><title>Lizards &amp; co</title><style>p{}</style></head><body><nav>Home</nav>
            <main><h1>Calango</h1><p>A   small <b>lizard</b>.</p><script>steal()</script><ul><li>fast<li>green</ul>
            <table><tr><td>tail</td><td>long</td></tr></table><p>1 < 2 &lt; 3</p><a href="https://more.example/">more</a></main></body></html>
            """, "text/html; charset=utf-8");

        var text = (await Source.InvokeAsync(Server, Fetching(AddressOf("/page")), TestEnd)).Text;

        Assert.Equal($"Address: {AddressOf("/page")}\n\n# Lizards & co\n\n## Calango\nA small lizard.\n- fast\n- green\n| tail | long\n1 < 2 < 3\nmore (https://more.example/)".ReplaceLineEndings("\n"), text.ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task A_long_page_is_cut_and_says_so()
    {
        _site.Answer("/long", new string('x', 200_000), "text/plain");

        var text = (await Source.InvokeAsync(Server, Fetching(AddressOf("/long")), TestEnd)).Text;

        Assert.InRange(text.Length, 40_000, 40_300);
        Assert.EndsWith("[cut after 40000 characters of 200000]", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    [InlineData("http://[::1]/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("nonsense")]
    [InlineData("http://no-such-host.invalid/")]
    public async Task What_is_not_of_the_public_web_is_not_read(string url) => Assert.True((await Source.InvokeAsync(Server, Fetching(url), TestEnd)).IsError);

    [Theory]
    [InlineData("image/png", 200)]
    [InlineData("text/html", 404)]
    [InlineData("text/html", 503)]
    public async Task What_cannot_be_read_is_said(string contentType, int status)
    {
        _site.Answer("/odd", "<p>x</p>", contentType, status);

        Assert.True((await Source.InvokeAsync(Server, Fetching(AddressOf("/odd")), TestEnd)).IsError);
    }

    [Fact]
    public async Task A_page_nested_without_end_is_survived()
    {
        _site.Answer("/deep", string.Concat(Enumerable.Repeat("<div>", 100_000)) + "end", "text/html");

        Assert.NotNull(await Source.InvokeAsync(Server, Fetching(AddressOf("/deep")), TestEnd));
    }

    private static ToolCall Calculation(string expression) => new("calculate", JsonSerializer.Serialize(new { expression }));

    private static ToolCall Fetching(string url) => new("fetch_web_page", JsonSerializer.Serialize(new { url }));

    private string AddressOf(string path) => $"http://{_site.Address.Authority}{path}";
}
