using Calango.Web.Hosting;
using Microsoft.AspNetCore.Identity;

namespace Calango.Web.Identity;

/// <summary>To whom passkeys belong: the server's own name, and pages of its own address alone.</summary>
internal static class PasskeySetup
{
    public static IServiceCollection AddPasskeys(this IServiceCollection services, HostSettings settings) => services.Configure<IdentityPasskeyOptions>(passkeys =>
    {
        // Without a name to the outside there is this machine's; an address of numbers can have no passkeys (WebAuthn Level 3, 5.1.3).
        passkeys.ServerDomain = settings.PublicUrl?.Host ?? "localhost";
        passkeys.ValidateOrigin = asked => ValueTask.FromResult(!asked.CrossOrigin && asked.Origin == OriginOf(settings, asked.HttpContext.Request));
        // It stands for the name, the password and the second step: its device finds it by itself, and asks its owner.
        passkeys.ResidentKeyRequirement = passkeys.UserVerificationRequirement = "required";
    });

    // The guard of hosts lets no other name in than this machine's where there is none to the outside.
    private static string OriginOf(HostSettings settings, HttpRequest request) => settings.PublicUrl?.GetLeftPart(UriPartial.Authority) ?? $"{request.Scheme}://{request.Host}";
}
