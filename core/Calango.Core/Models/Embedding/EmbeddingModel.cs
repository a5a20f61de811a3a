using Calango.Sdk;

namespace Calango.Core.Models;

/// <summary>A model that turns texts into vectors, and that can be chosen.</summary>
/// <param name="Ref">Names it.</param>
/// <param name="Info">
/// What is known of it: the window and the fingerprint always; the dimensions, once the model was found by
/// <see cref="EmbeddingModels.FindAsync"/>.
/// </param>
/// <param name="ConnectionName">The connection, for people.</param>
/// <param name="Host">What people call the place that is asked: a host, or the connection's name.</param>
public sealed record EmbeddingModel(ModelRef Ref, EmbeddingModelInfo Info, string ConnectionName, string Host)
{
    /// <summary>It runs on this machine.</summary>
    public bool OnPremises => Info.OnPremises;
}
