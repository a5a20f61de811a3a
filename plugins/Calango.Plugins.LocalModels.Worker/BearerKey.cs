using System.Security.Cryptography;
using System.Text;

namespace Calango.Plugins.LocalModels.Worker;

internal static class BearerKey
{
    // Loopback is open to every local user and, through DNS rebinding, to web pages: only the key's holder is served.
    public static void UseBearerKey(this IApplicationBuilder app, string key)
    {
        var expected = Encoding.UTF8.GetBytes("Bearer " + key);
        app.Use(async (context, next) =>
        {
            var sent = Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString());
            if (context.Request.Path != "/health" && !CryptographicOperations.FixedTimeEquals(sent, expected))
            {
                await OpenAi.ErrorAnswer.WriteAsync(context, 401, "The key is missing or wrong.", "invalid_api_key");
                return;
            }

            await next(context);
        });
    }
}
