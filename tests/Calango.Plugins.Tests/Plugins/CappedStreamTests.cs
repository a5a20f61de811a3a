using Calango.Core.Plugins;
using Calango.Sdk;

namespace Calango.Plugins.Tests.Plugins;

public sealed class CappedStreamTests
{
    private static readonly HttpLimits Limits = new(MaxLineBytes: 10, MaxBodyBytes: 40);

    [Theory]
    [InlineData("1234567890\n1234567890\r\n1234567890", true)]
    [InlineData("1234567890\r1234567890\r1\n", true)]
    [InlineData("12345678901", false)]
    [InlineData("1\n12345678901\n", false)]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n", true)]
    [InlineData("1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n1\n2\n3\n4\n5\n6\n7\n8\n9\n0\n!", false)]
    public async Task D04_a_body_is_cut_at_its_limits_however_it_is_read(string body, bool fits)
    {
        foreach (var readSize in Enumerable.Range(1, body.Length))
        {
            await using var stream = new CappedStream(new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body)), Limits);
            var failure = await Record.ExceptionAsync(() => ReadToEndAsync(stream, readSize));

            Assert.Equal(fits, failure is null);
            Assert.True(failure is null or ProviderException { Kind: ProviderErrorKind.StreamTooLarge });
        }
    }

    private static async Task ReadToEndAsync(Stream stream, int readSize)
    {
        var buffer = new byte[readSize];
        while (await stream.ReadAsync(buffer, TestContext.Current.CancellationToken) > 0)
        {
        }
    }
}
