using System.Buffers;
using System.Globalization;
using System.IO.Pipelines;
using System.Text;

namespace Calango.Web.Streams;

/// <summary>Writes server-sent events (html.spec.whatwg.org/multipage/server-sent-events.html) as UTF-8, straight into the response.</summary>
internal sealed class SseWriter(PipeWriter output)
{
    private static readonly SearchValues<char> LineBreaks = SearchValues.Create('\n', '\r');

    /// <summary>Begins an event; its data follow, and <see cref="End"/>.</summary>
    public void Begin(ReadOnlySpan<byte> name)
    {
        output.Write("event: "u8);
        output.Write(name);
        output.Write("\n"u8);
    }

    /// <summary>All up to here has been said: a browser that comes back asks for what follows.</summary>
    public void Id(long id)
    {
        output.Write("id: "u8);
        WriteNumber(id);
        output.Write("\n\n"u8);
    }

    /// <summary>A piece of data that ends its line; text with line breaks becomes several lines.</summary>
    public void Data(ReadOnlySpan<char> text)
    {
        while (true)
        {
            output.Write("data: "u8);
            var end = text.IndexOfAny(LineBreaks);
            Encoding.UTF8.GetBytes(end < 0 ? text : text[..end], output);
            output.Write("\n"u8);
            if (end < 0)
            {
                return;
            }

            text = text[(end + (text[end..].StartsWith("\r\n") ? 2 : 1))..];
        }
    }

    /// <summary>A number as data.</summary>
    public void Data(long number)
    {
        output.Write("data: "u8);
        WriteNumber(number);
        output.Write("\n"u8);
    }

    /// <summary>Ends an event.</summary>
    public void End() => output.Write("\n"u8);

    /// <summary>Nothing, said aloud: proxies close a connection on which nothing moves.</summary>
    public void Heartbeat() => output.Write(":\n\n"u8);

    /// <summary>Sends what was written.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken) => await output.FlushAsync(cancellationToken);

    private void WriteNumber(long number)
    {
        var span = output.GetSpan(20);
        number.TryFormat(span, out var written, provider: CultureInfo.InvariantCulture);
        output.Advance(written);
    }
}
