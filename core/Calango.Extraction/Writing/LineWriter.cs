using System.Text.Json;
using Calango.Core.Knowledge;

namespace Calango.Extraction;

/// <summary>Says things to the server, one a line.</summary>
internal sealed class LineWriter(Stream output) : IDisposable
{
    private readonly BufferedStream _output = new(output, 64 * 1024);

    public void Write(ExtractionLine line)
    {
        JsonSerializer.Serialize(_output, line, ExtractionJson.Plain.ExtractionLine);
        _output.WriteByte((byte)'\n');
        if (line.End is not null || line.Failure is not null)
        {
            _output.Flush();
        }
    }

    /// <summary>Says that work goes on.</summary>
    public void Tick()
    {
        Write(new ExtractionLine());
        _output.Flush();
    }

    public void Dispose() => _output.Dispose();
}
