using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;
using ChatResponseFormat = OpenAI.Chat.ChatResponseFormat;
using SdkMessage = OpenAI.Chat.ChatMessage;

namespace Calango.Plugins.OpenAiCompatible;

/// <summary>Maps a conversation and its options to the SDK's types. What the caller left open is not sent.</summary>
internal static class ToOpenAi
{
    // Indented, as the shared options have it, a call costs more tokens each time it is sent.
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    public static List<SdkMessage> Messages(IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        List<SdkMessage> sent = options?.Instructions is { Length: > 0 } instructions ? [new SystemChatMessage(instructions)] : [];
        foreach (var message in messages)
        {
            if (message.Role == ChatRole.Tool)
            {
                sent.AddRange(message.Contents.OfType<FunctionResultContent>().Select(result => new ToolChatMessage(result.CallId, ResultText(result))));
            }
            else
            {
                sent.Add(message.Role == ChatRole.System ? new SystemChatMessage(message.Text)
                    : message.Role == ChatRole.Assistant ? AssistantMessage(message)
                    : UserMessage(message));
            }
        }

        return sent;
    }

    public static ChatCompletionOptions Options(ChatOptions? options, Service service)
    {
        var sent = new ChatCompletionOptions();
        if (service.RefusesStreamOptions)
        {
            sent.Patch.Remove("$.stream_options"u8);
        }

        if (options is null)
        {
            return sent;
        }

        sent.Temperature = options.Temperature;
        sent.TopP = options.TopP;
        sent.FrequencyPenalty = options.FrequencyPenalty;
        sent.PresencePenalty = options.PresencePenalty;
        sent.Seed = options.Seed;
        sent.ResponseFormat = Format(options.ResponseFormat);
        sent.ReasoningEffortLevel = Effort(options.Reasoning?.Effort);
        AddLimit(sent, options.MaxOutputTokens, service);
        foreach (var stop in options.StopSequences ?? [])
        {
            sent.StopSequences.Add(stop);
        }

        AddTools(sent, options);
        return sent;
    }

    // Plain text goes as a string: not every server understands an array of parts.
    private static UserChatMessage UserMessage(ChatMessage message) =>
        message.Contents.All(content => content is TextContent)
            ? new UserChatMessage(message.Text)
            : new UserChatMessage(message.Contents.Select(Part).OfType<ChatMessageContentPart>());

    private static ChatMessageContentPart? Part(AIContent content) => content switch
    {
        TextContent text => ChatMessageContentPart.CreateTextPart(text.Text),
        DataContent image when image.HasTopLevelMediaType("image") =>
            ChatMessageContentPart.CreateImagePart(BinaryData.FromBytes(image.Data), image.MediaType),
        UriContent image when image.HasTopLevelMediaType("image") => ChatMessageContentPart.CreateImagePart(image.Uri),
        _ => null,
    };

    private static AssistantChatMessage AssistantMessage(ChatMessage message)
    {
        ChatToolCall[] calls = [.. message.Contents.OfType<FunctionCallContent>().Select(call =>
            ChatToolCall.CreateFunctionToolCall(call.CallId, call.Name, BinaryData.FromString(ArgumentsText(call))))];
        if (calls.Length == 0)
        {
            return new AssistantChatMessage(message.Text);
        }

        var sent = new AssistantChatMessage(calls);
        if (message.Text.Length > 0)
        {
            sent.Content.Add(ChatMessageContentPart.CreateTextPart(message.Text));
        }

        return sent;
    }

    private static string ArgumentsText(FunctionCallContent call) =>
        call.Arguments is null ? "{}" : JsonSerializer.Serialize(call.Arguments, Compact.GetTypeInfo(typeof(IDictionary<string, object?>)));

    private static string ResultText(FunctionResultContent result) =>
        result.Result as string ?? JsonSerializer.Serialize(result.Result, Compact.GetTypeInfo(typeof(object)));

    private static void AddLimit(ChatCompletionOptions sent, int? maxOutputTokens, Service service)
    {
        if (service.LimitsByMaxCompletionTokens)
        {
            sent.MaxOutputTokenCount = maxOutputTokens;
        }
        else if (maxOutputTokens is { } limit)
        {
            sent.Patch.Set("$.max_tokens"u8, limit);
        }
    }

    private static void AddTools(ChatCompletionOptions sent, ChatOptions options)
    {
        foreach (var tool in options.Tools?.OfType<AIFunctionDeclaration>() ?? [])
        {
            sent.Tools.Add(ChatTool.CreateFunctionTool(tool.Name, tool.Description, BinaryData.FromString(tool.JsonSchema.GetRawText())));
        }

        if (sent.Tools.Count == 0)
        {
            return;
        }

        sent.AllowParallelToolCalls = options.AllowMultipleToolCalls;
        sent.ToolChoice = options.ToolMode switch
        {
            NoneChatToolMode => ChatToolChoice.CreateNoneChoice(),
            RequiredChatToolMode { RequiredFunctionName: { } name } => ChatToolChoice.CreateFunctionChoice(name),
            RequiredChatToolMode => ChatToolChoice.CreateRequiredChoice(),
            AutoChatToolMode => ChatToolChoice.CreateAutoChoice(),
            _ => null,
        };
    }

    private static ChatResponseFormat? Format(Microsoft.Extensions.AI.ChatResponseFormat? format) => format switch
    {
        ChatResponseFormatJson { Schema: { } schema } json =>
            ChatResponseFormat.CreateJsonSchemaFormat(json.SchemaName ?? "answer", BinaryData.FromString(schema.GetRawText()), json.SchemaDescription),
        ChatResponseFormatJson => ChatResponseFormat.CreateJsonObjectFormat(),
        _ => null,
    };

    private static ChatReasoningEffortLevel? Effort(ReasoningEffort? effort) => effort switch
    {
        // A bare null would be converted through the SDK's implicit conversion from string, which throws.
        null => default(ChatReasoningEffortLevel?),
        ReasoningEffort.None => new ChatReasoningEffortLevel("none"),
        ReasoningEffort.Low => ChatReasoningEffortLevel.Low,
        ReasoningEffort.Medium => ChatReasoningEffortLevel.Medium,
        _ => ChatReasoningEffortLevel.High,
    };
}
