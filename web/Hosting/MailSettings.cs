using System.Net;
using Calango.Core.Mail;
using Calango.Web.Configuration;

namespace Calango.Web.Hosting;

/// <summary>What the operator decides on e-mail: what only shows when settings meet is checked here.</summary>
internal static class MailSettings
{
    /// <exception cref="StartRefusedException">A setting is missing or unsafe.</exception>
    public static MailOptions From(SettingsInForce settings)
    {
        var options = new MailOptions
        {
            Host = settings[SettingKeys.MailHost].Text,
            Port = settings[SettingKeys.MailPort].Number,
            Security = Enum.Parse<MailSecurity>(settings[SettingKeys.MailSecurity].Text!),
            User = settings[SettingKeys.MailUser].Text,
            Password = settings[SettingKeys.MailPassword].Text,
            From = settings[SettingKeys.MailFrom].Text ?? "",
            Folder = settings[SettingKeys.MailFolder].Text,
        };
        if (options is { Host: not null, Folder: not null })
        {
            throw Refusal(settings[SettingKeys.MailFolder], "cannot be there beside mail.host: messages are sent, or put into a folder");
        }

        if (options is { IsOn: true, From: "" })
        {
            throw Refusal(settings[options.Host is null ? SettingKeys.MailFolder : SettingKeys.MailHost], $"needs mail.from ({SettingKeys.MailFrom.Variable}), {SettingKeys.MailFrom.Permitted}");
        }

        if (options.User is null != options.Password is null)
        {
            throw Refusal(settings[options.User is null ? SettingKeys.MailPassword : SettingKeys.MailUser], "needs the other: mail.user and mail.password go together");
        }

        if (options is { User: not null, Security: MailSecurity.None, Host: { } host } && !IsThisMachine(host))
        {
            throw Refusal(settings[SettingKeys.MailSecurity], $"is None: the password of mail.user could be read on the way to {host}; take StartTls or Tls");
        }

        return options;
    }

    private static StartRefusedException Refusal(Setting setting, string mistake) => new($"{setting.Origin}: {setting.Key.Name} {mistake}.");

    private static bool IsThisMachine(string host) => host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address));
}
