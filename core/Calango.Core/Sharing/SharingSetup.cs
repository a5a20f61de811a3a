using Calango.Core.Chat;
using Calango.Core.Data;
using Calango.Core.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace Calango.Core.Sharing;

/// <summary>Wires how chats are shown to others.</summary>
internal static class SharingSetup
{
    public static IServiceCollection AddCalangoSharing(this IServiceCollection services, CoreOptions options) => services
        .AddSingleton<ShareTokens>()
        .AddSingleton<SharedCopies>()
        .AddSingleton(provider => new Shares(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<MessageTree>(), provider.GetRequiredService<ShareTokens>(), provider.GetRequiredService<PasswordHashes>(), options, provider.GetRequiredService<TimeProvider>()))
        .AddSingleton(provider => new SharedChats(
            provider.GetRequiredService<Database>(), provider.GetRequiredService<MessageTree>(), provider.GetRequiredService<ShareTokens>(), provider.GetRequiredService<PasswordHashes>(), options, provider.GetRequiredService<TimeProvider>()));
}
