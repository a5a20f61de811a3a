using System.Runtime.InteropServices;

namespace Calango.Plugins.LocalModels;

// Something of ONNX Runtime's, released once nobody uses it any more.
internal sealed class OnnxHandle : SafeHandle
{
    private readonly Action<nint> _release;

    public OnnxHandle(nint value, Action<nint> release) : base(0, ownsHandle: true)
    {
        _release = release;
        SetHandle(value);
    }

    public override bool IsInvalid => handle == 0;

    protected override bool ReleaseHandle()
    {
        _release(handle);
        return true;
    }
}
