using System.Runtime.InteropServices;

namespace Calango.Plugins.LocalModels;

// A network that ONNX Runtime runs.
internal sealed unsafe class OnnxModel : IEncoder
{
    // What an encoder of BERT's kind can ask for.
    private static readonly string[] Known = ["input_ids", "attention_mask", "token_type_ids"];

    private readonly OnnxApi _api;
    private readonly OnnxHandle _session;
    private readonly string[] _inputs;
    private readonly string _output;

    private OnnxModel(OnnxApi api, OnnxHandle session)
    {
        (_api, _session) = (api, session);
        _inputs = [.. api.InputNames(session.DangerousGetHandle())];
        // Some networks say more than one thing.
        var outputs = api.OutputNames(session.DangerousGetHandle());
        _output = outputs.FirstOrDefault(name => name is "last_hidden_state" or "token_embeddings") ?? outputs[0];
        if (_inputs.Except(Known).FirstOrDefault() is { } unknown)
        {
            throw new OnnxException($"The network asks for '{unknown}', which is not known here.");
        }
    }

    // One thread of its own: texts that come together share the processors better than the halves of one would.
    public static OnnxModel Open(OnnxApi api, string path)
    {
        using var options = new OnnxHandle(api.NewSessionOptions(), api.ReleaseSessionOptions);
        api.KeepNoMemory(options.DangerousGetHandle());
        api.SetThreads(options.DangerousGetHandle(), 1);
        var session = new OnnxHandle(api.NewSession(path, options.DangerousGetHandle()), api.ReleaseSession);
        try
        {
            return new OnnxModel(api, session);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    public void Run(int[] tokens, TokenReader read)
    {
        var held = false;
        var (wide, attended, kinds) = (Array.ConvertAll(tokens, token => (long)token), Enumerable.Repeat(1L, tokens.Length).ToArray(), new long[tokens.Length]);
        var names = stackalloc nint[_inputs.Length];
        var values = stackalloc nint[_inputs.Length];
        nint output = 0, outputName = Marshal.StringToCoTaskMemUTF8(_output);
        new Span<nint>(names, _inputs.Length).Clear();
        new Span<nint>(values, _inputs.Length).Clear();
        try
        {
            _session.DangerousAddRef(ref held);
            fixed (long* token = wide, attention = attended, kind = kinds)
            {
                for (var input = 0; input < _inputs.Length; input++)
                {
                    names[input] = Marshal.StringToCoTaskMemUTF8(_inputs[input]);
                    var data = _inputs[input] switch { "input_ids" => token, "attention_mask" => attention, _ => kind };
                    values[input] = _api.NewTensor(data, tokens.Length, [1, tokens.Length]);
                }

                _api.Run(_session.DangerousGetHandle(), names, values, _inputs.Length, &outputName, &output);
            }

            var shape = _api.Shape(output);
            if (!_api.HoldsFloats(output) || shape is not [1, var length, var size] || length != tokens.Length || size > int.MaxValue / length)
            {
                throw new OnnxException($"The network's '{_output}' is not a row of numbers for each token.");
            }

            read(new ReadOnlySpan<float>(_api.Floats(output), (int)(length * size)), (int)size);
        }
        finally
        {
            Release(output);
            Marshal.FreeCoTaskMem(outputName);
            for (var input = 0; input < _inputs.Length; input++)
            {
                Release(values[input]);
                Marshal.FreeCoTaskMem(names[input]);
            }

            if (held)
            {
                _session.DangerousRelease();
            }
        }
    }

    public void Dispose() => _session.Dispose();

    private void Release(nint value)
    {
        if (value != 0)
        {
            _api.ReleaseValue(value);
        }
    }
}
