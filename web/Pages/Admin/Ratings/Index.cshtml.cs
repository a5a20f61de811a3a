using Calango.Core.Chat;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Admin.Ratings;

/// <summary>What people think of each model's answers, and never whose they are or what is in them.</summary>
public sealed class Index(Core.Chat.Ratings ratings, TimeProvider clock) : PageModel
{
    /// <summary>How many days can be looked back.</summary>
    public static IReadOnlyList<int> Periods { get; } = [7, 30, 365];

    /// <summary>How many are.</summary>
    [FromQuery(Name = "days")]
    public int Days { get; set; } = 30;

    /// <summary>The models, the most rated first.</summary>
    public IReadOnlyList<ModelRatings> Models { get; private set; } = [];

    /// <summary>Shows them.</summary>
    public async Task OnGetAsync(CancellationToken cancellationToken)
    {
        Days = Periods.Contains(Days) ? Days : 30;
        Models = await ratings.SummarizeAsync(clock.GetUtcNow().AddDays(-Days), cancellationToken);
    }
}
