using Calango.Core.Audit;
using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Exchange;
using Calango.Core.Files;
using Calango.Core.Identity;
using Calango.Core.Jobs;
using Calango.Core.Knowledge;
using Calango.Core.Mail;
using Calango.Core.Templates;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.PersonalData;

/// <summary>Wires what somebody can ask of the server about all that is theirs.</summary>
internal static class PersonalDataSetup
{
    public static IServiceCollection AddCalangoPersonalData(this IServiceCollection services) => services
        .AddSingleton<ExportedDocuments>()
        .AddSingleton<ExportedPictures>()
        .AddSingleton(provider => new PersonalExport(provider.GetRequiredService<Database>(), provider.GetRequiredService<Avatars>(), provider.GetRequiredService<ExportedDocuments>(), provider.GetRequiredService<ExportedPictures>(), provider.GetRequiredService<ChatWriter>(), provider.GetRequiredService<TemplateTransfer>()))
        .AddScoped(provider => new AccountRemoval(
            provider.GetRequiredService<PasswordProof>(), provider.GetRequiredService<Sessions>(), provider.GetRequiredService<People>(),
            provider.GetRequiredService<Outbox>(), provider.GetRequiredService<RetentionOptions>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new AccountRemover(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<Sessions>(), provider.GetRequiredService<Avatars>(), provider.GetRequiredService<ChatPictures>(),
            provider.GetRequiredService<DocumentWork>(), provider.GetRequiredService<AuditLog>, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new Routine("accounts", provider.GetRequiredService<AccountRemover>().RemoveDueAsync));
}
