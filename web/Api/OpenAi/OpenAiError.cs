using System.Text.Json;
using Calango.Web.Hosting;
using Calango.Web.Text;

namespace Calango.Web.Api.OpenAi;

/// <summary>A failure as OpenAI says it (platform.openai.com/docs/guides/error-codes): their clients read the status, and show the message.</summary>
/// <param name="Message">What happened and what to do, in the language that the program asks for.</param>
/// <param name="Type">Of what kind it is.</param>
/// <param name="Param">Which part of the request it is about; null: none.</param>
/// <param name="Code">For programs.</param>
internal sealed record OpenAiError(string Message, string Type, string? Param, string Code)
{
    private const string InsufficientQuota = "insufficient_quota";

    public static OpenAiError Of(Fault fault, HttpContext context) => new(
        context.RequestServices.GetRequiredService<PageText>().Error(fault),
        fault.Status switch
        {
            StatusCodes.Status401Unauthorized => "authentication_error",
            StatusCodes.Status403Forbidden => "permission_error",
            StatusCodes.Status429TooManyRequests when IsQuota(fault) => InsufficientQuota,
            StatusCodes.Status429TooManyRequests => "rate_limit_error",
            >= 500 => "server_error",
            _ => "invalid_request_error",
        },
        fault.Arguments.FirstOrDefault(argument => argument.Name == "param").Value,
        fault.Code switch
        {
            "signIn" => "invalid_api_key",
            "api.model" => "model_not_found",
            "tooMany" => "rate_limit_exceeded",
            "provider.contextTooLong" or "provider.textTooLong" => "context_length_exceeded",
            _ when IsQuota(fault) => InsufficientQuota,
            var code => code,
        });

    /// <summary>Whether a quota has no room: to try again at once is in vain.</summary>
    public static bool IsQuota(Fault fault) => fault.Code.StartsWith("quota.", StringComparison.Ordinal);

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject("error");
        json.WriteString("message", Message);
        json.WriteString("type", Type);
        json.WriteString("param", Param);
        json.WriteString("code", Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
