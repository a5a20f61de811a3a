using System.Runtime.InteropServices;

namespace Calango.Plugins.LocalModels;

// The functions that we call of ONNX Runtime's C API, by their places in the table that OrtGetApiBase gives (OrtApi in
// onnxruntime_c_api.h). A place never changes from one release to the next: new functions come at the end.
internal sealed unsafe class OnnxApi
{
    // The table as of 1.17: asked for this, any later library answers.
    private const uint Version = 17;
    private const int Error = 3;
    private const int OnlyThisProcessMayCall = 0;
    private const int DefaultMemory = 0;

    private static readonly Lock Loading = new();
    private static readonly Dictionary<string, OnnxApi> Loaded = new(StringComparer.Ordinal);

    private readonly nint* _table;

    private OnnxApi(nint* table)
    {
        _table = table;
        fixed (byte* name = "calango\0"u8)
        {
            nint environment;
            Check(((delegate* unmanaged<int, byte*, nint*, nint>)Entry(3))(Error, name, &environment));
            Environment = environment;
        }

        Check(((delegate* unmanaged<nint, nint>)Entry(6))(Environment));
        nint memory;
        Check(((delegate* unmanaged<int, int, nint*, nint>)Entry(69))(OnlyThisProcessMayCall, DefaultMemory, &memory));
        Memory = memory;
    }

    // One for the whole process, with telemetry off.
    public nint Environment { get; }

    // Where the values lie that we hand in: in this process's own memory.
    public nint Memory { get; }

    // A library that was loaded stays until the process ends: threads of its own may still run in it.
    public static OnnxApi Load(string path)
    {
        lock (Loading)
        {
            return Loaded.TryGetValue(path, out var known) ? known : Loaded[path] = LoadNow(path);
        }
    }

    public nint NewSessionOptions()
    {
        nint options;
        Check(((delegate* unmanaged<nint*, nint>)Entry(10))(&options));
        return options;
    }

    // The arena would keep the most that was ever needed, and patterns pay only where all inputs have one shape.
    public void KeepNoMemory(nint options)
    {
        Check(((delegate* unmanaged<nint, nint>)Entry(19))(options));
        Check(((delegate* unmanaged<nint, nint>)Entry(17))(options));
    }

    public void SetThreads(nint options, int count) => Check(((delegate* unmanaged<nint, int, nint>)Entry(24))(options, count));

    public nint NewSession(string path, nint options)
    {
        nint session;
        // A path is in the system's own characters.
        var native = OperatingSystem.IsWindows() ? Marshal.StringToCoTaskMemUni(path) : Marshal.StringToCoTaskMemUTF8(path);
        try
        {
            Check(((delegate* unmanaged<nint, nint, nint, nint*, nint>)Entry(7))(Environment, native, options, &session));
            return session;
        }
        finally
        {
            Marshal.FreeCoTaskMem(native);
        }
    }

    public IReadOnlyList<string> InputNames(nint session) => Names(session, count: 30, name: 36);

    public IReadOnlyList<string> OutputNames(nint session) => Names(session, count: 31, name: 37);

    // A value over memory of the caller's, which must stay in place as long as the value lives.
    public nint NewTensor(long* data, int count, ReadOnlySpan<long> shape)
    {
        const int Int64 = 7;
        nint value;
        fixed (long* dimensions = shape)
        {
            Check(((delegate* unmanaged<nint, void*, nuint, long*, nuint, int, nint*, nint>)Entry(49))(
                Memory, data, (nuint)count * sizeof(long), dimensions, (nuint)shape.Length, Int64, &value));
        }

        return value;
    }

    public void Run(nint session, nint* inputNames, nint* inputs, int inputCount, nint* outputName, nint* output) => Check(
        ((delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)Entry(9))(
            session, 0, inputNames, inputs, (nuint)inputCount, outputName, 1, output));

    public long[] Shape(nint value)
    {
        nint info;
        Check(((delegate* unmanaged<nint, nint*, nint>)Entry(65))(value, &info));
        try
        {
            nuint count;
            Check(((delegate* unmanaged<nint, nuint*, nint>)Entry(61))(info, &count));
            var shape = new long[count];
            fixed (long* first = shape)
            {
                Check(((delegate* unmanaged<nint, long*, nuint, nint>)Entry(62))(info, first, count));
            }

            return shape;
        }
        finally
        {
            ((delegate* unmanaged<nint, void>)Entry(99))(info);
        }
    }

    public bool HoldsFloats(nint value)
    {
        const int Float = 1;
        nint info;
        Check(((delegate* unmanaged<nint, nint*, nint>)Entry(65))(value, &info));
        try
        {
            int type;
            Check(((delegate* unmanaged<nint, int*, nint>)Entry(60))(info, &type));
            return type == Float;
        }
        finally
        {
            ((delegate* unmanaged<nint, void>)Entry(99))(info);
        }
    }

    // The value's own memory, which goes with it.
    public float* Floats(nint value)
    {
        void* data;
        Check(((delegate* unmanaged<nint, void**, nint>)Entry(51))(value, &data));
        return (float*)data;
    }

    public void ReleaseSession(nint session) => ((delegate* unmanaged<nint, void>)Entry(95))(session);

    public void ReleaseValue(nint value) => ((delegate* unmanaged<nint, void>)Entry(96))(value);

    public void ReleaseSessionOptions(nint options) => ((delegate* unmanaged<nint, void>)Entry(100))(options);

    private static OnnxApi LoadNow(string path)
    {
        try
        {
            var library = NativeLibrary.Load(path);
            // OrtApiBase: GetApi, GetVersionString.
            var functions = ((delegate* unmanaged<nint*>)NativeLibrary.GetExport(library, "OrtGetApiBase"))();
            var table = ((delegate* unmanaged<uint, nint*>)functions[0])(Version);
            return table is null ? throw new OnnxException($"{Path.GetFileName(path)} is older than 1.17.") : new OnnxApi(table);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException or EntryPointNotFoundException)
        {
            throw new OnnxException(exception.Message);
        }
    }

    private List<string> Names(nint session, int count, int name)
    {
        nuint names;
        Check(((delegate* unmanaged<nint, nuint*, nint>)Entry(count))(session, &names));
        nint allocator;
        Check(((delegate* unmanaged<nint*, nint>)Entry(78))(&allocator));
        var found = new List<string>();
        for (nuint index = 0; index < names; index++)
        {
            byte* text;
            Check(((delegate* unmanaged<nint, nuint, nint, byte**, nint>)Entry(name))(session, index, allocator, &text));
            found.Add(Marshal.PtrToStringUTF8((nint)text)!);
            Check(((delegate* unmanaged<nint, void*, nint>)Entry(76))(allocator, text));
        }

        return found;
    }

    private void Check(nint status)
    {
        if (status != 0)
        {
            var message = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<nint, byte*>)Entry(2))(status));
            ((delegate* unmanaged<nint, void>)Entry(93))(status);
            throw new OnnxException(message ?? "ONNX Runtime failed.");
        }
    }

    private void* Entry(int place) => (void*)_table[place];
}
