using Calango.Core.Chat;
using Calango.Core.Errors;
using Calango.Web.Text;

namespace Calango.Web.Api.Chats;

/// <summary>What the owner wants each model to know: <c>/api/personal</c>, <c>/api/facts</c>.</summary>
internal static class PersonalEndpoint
{
    public static async Task<ApiPersonal> FindAsync(PersonalNotes notes, Viewer viewer, CancellationToken cancellationToken)
    {
        var about = await notes.FindAsync(viewer.AccountId, cancellationToken);
        return new(about.Instructions, [.. about.Facts.Select(ApiFact.Of)]);
    }

    public static async Task<ApiPersonal> InstructAsync(HttpRequest request, PersonalNotes notes, Viewer viewer, CancellationToken cancellationToken)
    {
        await notes.InstructAsync(viewer.AccountId, (await JsonInput.ReadAsync(request, cancellationToken)).Needed("instructions").Text(), cancellationToken);
        return await FindAsync(notes, viewer, cancellationToken);
    }

    public static async Task<IResult> AddFactAsync(HttpRequest request, PersonalNotes notes, Viewer viewer, CancellationToken cancellationToken)
    {
        var fact = await notes.AddFactAsync(viewer.AccountId, await TextOfAsync(request, cancellationToken), cancellationToken);
        return Results.Created((string?)null, ApiFact.Of(fact));
    }

    public static async Task<ApiFact> ChangeFactAsync(Guid id, HttpRequest request, PersonalNotes notes, Viewer viewer, CancellationToken cancellationToken)
    {
        await notes.ChangeFactAsync(viewer.AccountId, id, await TextOfAsync(request, cancellationToken), cancellationToken);
        var about = await notes.FindAsync(viewer.AccountId, cancellationToken);
        return ApiFact.Of(about.Facts.SingleOrDefault(fact => fact.Id == id) ?? throw new NotFoundException());
    }

    public static async Task<IResult> RemoveFactAsync(Guid id, PersonalNotes notes, Viewer viewer, CancellationToken cancellationToken)
    {
        await notes.RemoveFactAsync(viewer.AccountId, id, cancellationToken);
        return Results.NoContent();
    }

    private static async Task<string> TextOfAsync(HttpRequest request, CancellationToken cancellationToken) => (await JsonInput.ReadAsync(request, cancellationToken)).Needed("text").Text();
}
