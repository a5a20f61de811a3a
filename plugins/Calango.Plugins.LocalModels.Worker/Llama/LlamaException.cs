namespace Calango.Plugins.LocalModels.Worker.Llama;

internal sealed class LlamaException(string message) : Exception(message);
