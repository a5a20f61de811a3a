using Calango.Core.Identity;

namespace Calango.Web.Identity;

/// <summary>What somebody is told whose login was refused: what they can do about it. Which rule it was, whoever runs the server sees.</summary>
internal static class LoginSentences
{
    /// <summary>The locale key.</summary>
    public static string KeyOf(LoginRefusal reason) => reason switch
    {
        LoginRefusal.ProviderOff => "login.refused.off",
        LoginRefusal.Cancelled => "login.refused.cancelled",
        LoginRefusal.StateUnknown or LoginRefusal.StateExpired or LoginRefusal.StateOfAnotherProvider or LoginRefusal.ProviderChanged => "login.refused.again",
        LoginRefusal.HostNotFound or LoginRefusal.Unreachable or LoginRefusal.TimedOut or LoginRefusal.InsecureConnection => "login.refused.unreachable",
        LoginRefusal.AccountSuspended => "login.refused.suspended",
        LoginRefusal.SignUpClosed => "login.refused.unknown",
        LoginRefusal.DomainNotAllowed => "login.refused.domain",
        LoginRefusal.AddressTaken => "login.refused.address",
        LoginRefusal.LoginTaken => "login.refused.taken",
        LoginRefusal.AnotherAccount => "login.refused.another",
        _ => "login.refused.wrong",
    };

    /// <summary>The status that goes with it.</summary>
    public static int StatusOf(LoginRefusal reason) => KeyOf(reason) switch
    {
        "login.refused.again" or "login.refused.cancelled" => StatusCodes.Status400BadRequest,
        "login.refused.address" or "login.refused.taken" => StatusCodes.Status409Conflict,
        "login.refused.unreachable" => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status403Forbidden,
    };
}
