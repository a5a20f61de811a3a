using System.Globalization;
using Calango.Core.Webhooks;

namespace Calango.Web.Text;

/// <summary>Says in the viewer's language why a webhook was not told.</summary>
public static class WebhookText
{
    /// <summary>Why it was not told when that was last tried.</summary>
    public static string WebhookFailure(this PageText text, WebhookDelivery delivery) => delivery.Status is { } status
        ? text["webhooks.failure.withStatus", ("why", text[$"webhooks.failure.{delivery.Failure}"]), ("status", status.ToString(CultureInfo.InvariantCulture))]
        : text[$"webhooks.failure.{delivery.Failure}"];
}
