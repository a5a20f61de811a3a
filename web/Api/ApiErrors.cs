using System.Text.Json;
using Calango.Web.Api.OpenAi;
using Calango.Web.Hosting;
using Calango.Web.Text;

namespace Calango.Web.Api;

/// <summary>What programs are told when something fails: in OpenAI's form under <c>/v1</c>, else as RFC 9457 has it.</summary>
internal static class ApiErrors
{
    /// <summary>Tells a program of the API.</summary>
    public static Task WriteAsync(HttpContext context, Fault fault) =>
        ApiRoutes.IsOpenAi(context.Request.Path) ? WriteOpenAiAsync(context, ForPrograms(fault)) : WriteProblemAsync(context, ForPrograms(fault));

    /// <summary>In the words for programs: they do not sign in, they have tokens.</summary>
    public static Fault ForPrograms(Fault fault) => fault.Code switch
    {
        "signIn" => fault with { Sentence = "error.api.token" },
        "forbidden" => fault with { Sentence = "error.api.scope" },
        _ => fault,
    };

    /// <summary>Writes problem+json.</summary>
    public static async Task WriteProblemAsync(HttpContext context, Fault fault)
    {
        var text = context.RequestServices.GetRequiredService<PageText>();
        context.Response.ContentType = "application/problem+json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        json.WriteStartObject();
        json.WriteString("title", text.Error(fault));
        json.WriteNumber("status", fault.Status);
        json.WriteString("code", fault.Code);
        json.WriteString("traceId", context.TraceIdentifier);
        json.WriteEndObject();
    }

    private static async Task WriteOpenAiAsync(HttpContext context, Fault fault)
    {
        if (OpenAiError.IsQuota(fault))
        {
            // What their clients look for before they try again by themselves.
            context.Response.Headers["x-should-retry"] = "false";
        }

        context.Response.ContentType = "application/json";
        await using var json = new Utf8JsonWriter(context.Response.BodyWriter);
        OpenAiError.Of(fault, context).Write(json);
    }
}
