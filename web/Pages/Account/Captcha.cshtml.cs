using Calango.Core.Identity;
using Calango.Web.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Calango.Web.Pages.Account;

/// <summary>The work that a form before the door asks of a browser.</summary>
[ServerOnly]
public sealed class Captcha(Captchas captchas) : PageModel
{
    /// <summary>Another one each time.</summary>
    public IActionResult OnGet() => new JsonResult(captchas.Make());
}
