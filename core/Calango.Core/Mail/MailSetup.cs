using Calango.Core.Data;
using Calango.Core.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Calango.Core.Mail;

/// <summary>Wires the messages that the server sends.</summary>
internal static class MailSetup
{
    public static IServiceCollection AddCalangoMail(this IServiceCollection services, MailOptions options) => services
        .AddSingleton(options)
        .AddSingleton<MailCall>()
        .AddSingleton<MailTelemetry>()
        .AddSingleton<Outbox>()
        .AddSingleton(provider => new MailSender(
            provider.GetRequiredService<Database>(),
            provider.GetRequiredService<Outbox>(),
            provider.GetRequiredService<MailCall>(),
            provider.GetRequiredService<MailTelemetry>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<MailSender>>()))
        .AddHostedService(provider => provider.GetRequiredService<MailSender>())
        .AddSingleton(provider => new Routine("mail", provider.GetRequiredService<MailSender>().SendDueAsync))
        .AddCleanUp<MailCleanUp>("mail-not-sent", new TimeOnly(4, 25));
}
