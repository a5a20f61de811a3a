using System.Text.Json;
using Calango.Core.Knowledge;

namespace Calango.Extraction;

/// <summary>The input: first what is asked for, then nothing until the server has enough, or is gone.</summary>
internal static class Lifeline
{
    public static ExtractionRequest ReadRequest(Stream input)
    {
        var line = new MemoryStream();
        for (var next = input.ReadByte(); next is not (-1 or '\n'); next = input.ReadByte())
        {
            line.WriteByte((byte)next);
        }

        return JsonSerializer.Deserialize(line.ToArray(), ExtractionJson.Plain.ExtractionRequest)!;
    }

    public static void Watch(Stream input) => new Thread(() =>
    {
        while (input.ReadByte() >= 0)
        {
        }

        HelperProgram.EndAll();
        Environment.Exit(0);
    })
    { IsBackground = true }.Start();
}
