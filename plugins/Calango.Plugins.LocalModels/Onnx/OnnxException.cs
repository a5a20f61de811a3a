namespace Calango.Plugins.LocalModels;

// ONNX Runtime could not be loaded, or refused what was asked, with its own words.
internal sealed class OnnxException(string message) : Exception(message);
