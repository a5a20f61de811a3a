using Calango.Core.Data;
using Calango.Core.Jobs;
using Calango.Core.Mail;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Identity;

/// <summary>Wires the people.</summary>
internal static class IdentitySetup
{
    public static IServiceCollection AddCalangoIdentity(this IServiceCollection services, CoreOptions options)
    {
        services.AddKeys(options);
        services.AddSingleton<SetUpToken>(provider => new SetUpToken(provider.GetRequiredService<ServerSecret>()));
        services.AddSingleton<SessionEnds>();
        services.AddHostedService(provider => provider.GetRequiredService<SessionEnds>());
        services.AddSingleton(options.Sessions);
        services.AddSingleton<Sessions>();
        services.AddScoped<OpenSessions>();
        services.AddSingleton<AccessTokens>();
        services.AddScoped<Accounts>();
        services.AddScoped<People>();
        services.AddSingleton<Roles>();
        services.AddSingleton<Groups>();
        services.AddSingleton<AccessLimits>(provider => new AccessLimits(provider.GetRequiredService<Data.Database>(), options));
        services.AddScoped<Invitations>();
        services.AddScoped<SignUps>();
        // What OWASP's password storage cheat sheet asks of PBKDF2 with HMAC-SHA512; a weaker hash is made anew at the next sign-in.
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = 210_000);
        services.AddSingleton<PasswordHashes>();
        services.AddSingleton<IPasswordHasher<Credentials>>(provider => provider.GetRequiredService<PasswordHashes>());
        services.AddSingleton<PasswordAttempts>();
        services.AddScoped<PasswordSignIn>();
        services.AddScoped<PasswordChange>();
        services.AddScoped<PasswordReset>();
        services.AddScoped<PasswordProof>();
        services.AddScoped(provider => new EmailChange(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<Outbox>(), provider.GetRequiredService<PasswordProof>(), provider.GetRequiredService<Sessions>(),
            provider.GetRequiredService<ILookupNormalizer>(), provider.GetRequiredService<IDataProtectionProvider>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new Captchas(provider.GetRequiredService<Database>(), provider.GetRequiredService<ServerSecret>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped(provider => new SignInFailures(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<ServerSecret>(), provider.GetRequiredService<ILookupNormalizer>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SecondStepSeal>();
        services.AddSingleton(provider => new SecondStepSignIn(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<SecondStepSeal>(), provider.GetRequiredService<PasswordAttempts>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped(provider => new SecondSteps(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<SecondStepSeal>(), provider.GetRequiredService<PasswordProof>(), provider.GetRequiredService<Sessions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<PasskeySeal>();
        services.AddScoped<IPasskeyHandler<Credentials>, PasskeyHandler<Credentials>>();
        services.AddScoped(provider => new PasskeySignIn(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<IPasskeyHandler<Credentials>>(), provider.GetRequiredService<PasskeySeal>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped(provider => new Passkeys(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<IPasskeyHandler<Credentials>>(), provider.GetRequiredService<PasskeySeal>(),
            provider.GetRequiredService<PasswordProof>(), provider.GetRequiredService<Sessions>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LoginProviders>();
        services.AddSingleton(provider => new Logins(
            provider.GetRequiredService<LoginProviders>().FindClientAsync, provider.GetRequiredService<IDataProtectionProvider>(), provider.GetRequiredService<TimeProvider>()));
        services.AddScoped<ExternalSignIn>();
        services.AddScoped<LinkedLogins>();
        services.AddCleanUp<SessionCleanUp>("sessions", new TimeOnly(4, 10));
        services.AddCleanUp<InvitationCleanUp>("invitations", new TimeOnly(4, 15));
        services.AddCleanUp<CaptchaCleanUp>("captchas", new TimeOnly(4, 30));
        services.AddCleanUp<SignUpCleanUp>("sign-ups", new TimeOnly(4, 35));
        services.AddCleanUp<TokenCleanUp>("tokens", new TimeOnly(4, 20));
        services.AddIdentityCore<Credentials>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            identity.Lockout.MaxFailedAccessAttempts = 5;
            identity.Lockout.DefaultLockoutTimeSpan = TimeSpan.FromMinutes(5);
            // A long one, with nothing that people then write at its end (NIST SP 800-63B-4, 3.1.1.2).
            identity.Password.RequiredLength = Credentials.MinPasswordLength;
            identity.Password.RequireDigit = identity.Password.RequireLowercase = identity.Password.RequireUppercase = identity.Password.RequireNonAlphanumeric = false;
        }).AddUserStore<CredentialsStore>().AddDefaultTokenProviders();
        return services;
    }
}
