using Calango.Core.Knowledge;

namespace Calango.Extraction;

/// <summary>Does what was asked for, and says how it ended.</summary>
internal static class Job
{
    private const int DiskIsFull = 28;

    public static void Run(ExtractionRequest request, LineWriter output)
    {
        try
        {
            output.Write(new ExtractionLine(End: request.Folder is { } folder ? Unpack(request, folder, output) : Read(request, output)));
        }
        catch (UnreadableException unreadable)
        {
            output.Write(new ExtractionLine(Failure: new ExtractionFailure(unreadable.Code, unreadable.Arguments)));
        }
        catch (Exception exception)
        {
            // Its words may have been taken from the document: the type and the place say enough.
            Console.Error.WriteLine($"{exception.GetType().FullName}{exception.StackTrace?.Split('\n').FirstOrDefault()}");
            output.Write(new ExtractionLine(Failure: new ExtractionFailure(CodeOf(exception))));
        }
    }

    private static ExtractionEnd Read(ExtractionRequest request, LineWriter output)
    {
        var document = new DocumentWriter(output);
        Formats.ReaderOf(request.Path, request.FileName)(request.Path, document);
        return document.End();
    }

    private static ExtractionEnd Unpack(ExtractionRequest request, string folder, LineWriter output)
    {
        new Unpacking(folder, output).Unpack(request.Path);
        return new ExtractionEnd();
    }

    private static string CodeOf(Exception exception) => exception switch
    {
        OutOfMemoryException or InsufficientExecutionStackException => "tooMuchMemory",
        IOException io when (io.HResult & 0xFFFF) == DiskIsFull => "diskFull",
        _ => "malformed",
    };
}
