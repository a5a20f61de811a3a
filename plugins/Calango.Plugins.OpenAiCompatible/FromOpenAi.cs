using System.Text.Json;
using Calango.Sdk;
using Microsoft.Extensions.AI;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>Maps what the service says to Microsoft.Extensions.AI's types.</summary>
internal static class FromOpenAi
{
    /// <summary>Services have names of their own for the same few ends; an unknown one is handed on as it is.</summary>
    /// <exception cref="ProviderException">The reason is that the service failed.</exception>
    public static ChatFinishReason? FinishReason(string? reason) => reason switch
    {
        null => null,
        "stop" or "eos" or "eos_token" or "stop_sequence" or "end_turn" => ChatFinishReason.Stop,
        "length" or "max_tokens" or "model_length" => ChatFinishReason.Length,
        "tool_calls" or "function_call" => ChatFinishReason.ToolCalls,
        "content_filter" or "refusal" => ChatFinishReason.ContentFilter,
        "error" or "insufficient_system_resource" => throw new ProviderException(ProviderErrorKind.ServiceFailed, reason),
        _ => new ChatFinishReason(reason),
    };

    /// <summary>A whole call; arguments that are no JSON object are told by its exception, for the model to hear of.</summary>
    public static FunctionCallContent ToolCall(ToolCalls.Call call) =>
        FunctionCallContent.CreateFromParsedArguments(call.Arguments, call.IdOrIndex, call.Name, ParseArguments);

    private static Dictionary<string, object?> ParseArguments(string arguments) =>
        string.IsNullOrWhiteSpace(arguments)
            ? []
            : JsonElement.Parse(arguments).EnumerateObject().ToDictionary(argument => argument.Name, object? (argument) => argument.Value, StringComparer.Ordinal);
}
