using Calango.Core.Errors;
using Calango.Core.Models;
using Calango.Core.Plugins;
using Calango.Web.Htmx;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Models.Connections;

/// <summary>A connection.</summary>
public sealed class Edit(Core.Models.Connections connections, ModelCatalog catalog) : PageModel
{
    /// <summary>The connection.</summary>
    public Connection Connection { get; private set; } = null!;

    /// <summary>Its form; null: its provider doesn't serve.</summary>
    public ConnectionForm? Form { get; private set; }

    /// <summary>Shows it.</summary>
    public async Task OnGetAsync(Guid id, bool keyCleared, CancellationToken cancellationToken)
    {
        Connection = await FindAsync(id, cancellationToken);
        Form = Provider is { } provider ? ConnectionForm.Of(Connection, provider, keyCleared) : null;
    }

    /// <summary>Changes it.</summary>
    public async Task<IActionResult> OnPostAsync(Guid id, ConnectionFields fields, CancellationToken cancellationToken)
    {
        Connection = await FindAsync(id, cancellationToken);
        Form = ConnectionForm.Sent(fields, Provider ?? throw new NotFoundException(), Connection);
        try
        {
            await connections.UpdateAsync(id, Form.Input, cancellationToken);
        }
        catch (InvalidInputException refused)
        {
            Form.With(refused);
            return Request.IsHtmx() ? Partial("_ConnectionForm", Form) : Page();
        }

        await catalog.RefreshAsync(id, cancellationToken);
        return this.Go(await HasLostKeyAsync(cancellationToken) ? $"/models/connections/{id}?keyCleared=true" : "/models");
    }

    /// <summary>Removes it.</summary>
    public async Task<IActionResult> OnDeleteAsync(Guid id, CancellationToken cancellationToken)
    {
        await connections.RemoveAsync(id, cancellationToken);
        return this.Go("/models");
    }

    private ProviderInfo? Provider => connections.ProviderOf(Connection.ProviderId);

    private async Task<Connection> FindAsync(Guid id, CancellationToken cancellationToken) =>
        await connections.FindAsync(id, cancellationToken) ?? throw new NotFoundException();

    private async Task<bool> HasLostKeyAsync(CancellationToken cancellationToken)
    {
        var now = await FindAsync(Connection.Id, cancellationToken);
        return Connection.ProtectedSecrets.Keys.Any(field => !connections.HasSecret(now, field));
    }
}
