using System.Net.Http.Headers;
using System.Text.Json;

namespace Calango.Core.Identity;

/// <summary>What a provider tells of a person besides the token.</summary>
internal static class UserInfo
{
    /// <summary>Asks.</summary>
    /// <exception cref="LoginRefusedException">It tells nothing, or of somebody else.</exception>
    public static async Task<JsonElement> ReadAsync(ProviderHttp http, Uri endpoint, string accessToken, string subject, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, endpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        var told = await http.ReadAsync(request, cancellationToken);
        return told.Text("sub", LoginRefusal.UserInfoMalformed) == subject ? told : throw new LoginRefusedException(LoginRefusal.UserInfoSubjectWrong);
    }
}
