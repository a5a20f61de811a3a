namespace Calango.Core.Plugins;

/// <summary>Answers the calls that come over a <see cref="Wire"/>. Thread-safe.</summary>
internal interface IWireServer
{
    /// <summary>Answers one call: any number of items through <see cref="ServedCall.YieldAsync"/>, then what it returns.</summary>
    Task<byte[]> ServeAsync(ServedCall call);
}
