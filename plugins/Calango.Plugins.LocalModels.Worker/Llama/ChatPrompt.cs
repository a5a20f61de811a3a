using System.Text;

namespace Calango.Plugins.LocalModels.Worker.Llama;

// Writes a conversation the way the model was trained to read one.
internal static unsafe class ChatPrompt
{
    private const string ChatMl = "chatml";
    private const string Zephyr = "zephyr";
    private const string ZephyrEnd = "<|endoftext|>";

    public static int[] Tokens(LlamaModel model, IReadOnlyList<(string Role, string Content)> messages)
    {
        var safe = messages.Select(message => (message.Role, Content: WithoutControlTexts(model, message.Content))).ToList();
        return model.Tokenize(Write(model, safe) ?? throw new LlamaException("The conversation cannot be written."));
    }

    private static string? Write(LlamaModel model, IReadOnlyList<(string Role, string Content)> messages)
    {
        if (IsZephyr(model))
        {
            return Apply(Zephyr, messages)?.Replace(ZephyrEnd, model.EndText, StringComparison.Ordinal);
        }

        // A template that llama.cpp does not know is written as ChatML, which most tuned models have seen.
        return (model.Template is { Length: > 0 } template ? Apply(template, messages) : null) ?? Apply(ChatMl, messages);
    }

    // Zephyr, TinyLlama and their kin end each message with the tokenizer's own end token. llama.cpp takes them for a
    // family without any, and the model then goes on writing the question.
    private static bool IsZephyr(LlamaModel model) =>
        model is { Template: { } template, EndText.Length: > 0 }
        && template.Contains("<|user|>", StringComparison.Ordinal)
        && template.Contains("<|assistant|>", StringComparison.Ordinal)
        && template.Contains("eos_token", StringComparison.Ordinal)
        && !template.Contains("<|end", StringComparison.Ordinal);

    // Text that reads like a control token, say from a stranger's page, must not become one: it could end the
    // question and speak as the system.
    private static string WithoutControlTexts(LlamaModel model, string content)
    {
        foreach (var text in model.ControlTexts.Append(ZephyrEnd))
        {
            content = content.Replace(text, text[..1] + ' ' + text[1..], StringComparison.Ordinal);
        }

        return content;
    }

    private static string? Apply(string template, IReadOnlyList<(string Role, string Content)> messages)
    {
        // One block of null-terminated strings, role and content in turn.
        var text = Encoding.UTF8.GetBytes(string.Concat(messages.Select(m => Terminated(m.Role) + Terminated(m.Content))));
        var chat = new ChatMessage[messages.Count];
        fixed (byte* templateStart = Encoding.UTF8.GetBytes(Terminated(template)), textStart = text)
        fixed (ChatMessage* chatStart = chat)
        {
            var next = textStart;
            for (var i = 0; i < chat.Length; i++)
            {
                chat[i].Role = Take(ref next);
                chat[i].Content = Take(ref next);
            }

            var buffer = new byte[(text.Length * 2) + 1024];
            var length = Fill(templateStart, chatStart, chat.Length, buffer);
            if (length > buffer.Length)
            {
                buffer = new byte[length];
                length = Fill(templateStart, chatStart, chat.Length, buffer);
            }

            return length < 0 ? null : Encoding.UTF8.GetString(buffer, 0, length);
        }
    }

    private static int Fill(byte* template, ChatMessage* chat, int count, byte[] buffer)
    {
        fixed (byte* start = buffer)
        {
            return LlamaApi.llama_chat_apply_template(template, chat, (nuint)count, addAssistant: 1, start, buffer.Length);
        }
    }

    private static string Terminated(string text) => text.Replace("\0", "", StringComparison.Ordinal) + '\0';

    private static byte* Take(ref byte* next)
    {
        var start = next;
        while (*next++ != 0)
        {
        }

        return start;
    }
}
