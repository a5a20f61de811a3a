namespace Calango.Plugins.LocalModels.Worker;

internal sealed record ReadyLine(string Address, string Device, int GpuLayers, int ContextTokens, string? FallbackReason);
