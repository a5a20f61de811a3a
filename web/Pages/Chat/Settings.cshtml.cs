using System.Globalization;
using System.Numerics;
using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Htmx;
using Calango.Web.Text;
using Microsoft.AspNetCore.Mvc;

namespace Calango.Web.Pages.Chat;

/// <summary>How the next turns of a chat run.</summary>
public sealed class Settings(Viewer viewer, ChatViews views, Conversations conversations) : ChatPage(viewer, views)
{
    /// <summary>The chat.</summary>
    public Conversation Conversation { get; private set; } = null!;

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken) =>
        Conversation = await conversations.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException();

    /// <summary>Changes them, or with <paramref name="reset"/> leaves them to the service again.</summary>
    public async Task<IActionResult> OnPutAsync(
        string? temperature, string? maxOutputTokens, string? systemPrompt, string? tokenLimit, string? keepsAnswers, bool reset, CancellationToken cancellationToken)
    {
        var settings = reset
            ? new ConversationSettings(null, null, null, null)
            : new ConversationSettings(
                Number<double>("temperature", temperature), Number<int>("maxOutputTokens", maxOutputTokens), systemPrompt, Number<int>("tokenLimit", tokenLimit), keepsAnswers is not null);
        await conversations.UpdateSettingsAsync(AccountId, ConversationId, settings, cancellationToken);
        return Request.IsHtmx()
            ? Partial("_Surroundings", await Views.FindAsync(AccountId, ConversationId, cancellationToken) ?? throw new NotFoundException())
            : Redirect(ChatUrl);
    }

    /// <summary>A number as number fields write it, in every language.</summary>
    public string? Written(IFormattable? number) => number?.ToString(null, CultureInfo.InvariantCulture);

    private static T? Number<T>(string name, string? text) where T : struct, INumberBase<T> =>
        string.IsNullOrWhiteSpace(text) ? null
        : T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : throw new RejectedException("parameter.number", ("name", name));
}
