using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;

namespace SessionWeb.Pages;

/// <summary>The target of the setup link. Creates the first administrator, and is closed afterwards.</summary>
[AllowAnonymous]
internal sealed partial class SetupModel(
    SetupTokens tokens, IOptions<AccountOptions> options, ILogger<SetupModel> logger) : NoticePage
{
    public sealed class InputModel
    {
        [Required(ErrorMessage = "Enter a user name.")]
        [StringLength(AccountOptions.MaxUserNameLength, ErrorMessage = "A user name can have at most {1} characters.")]
        public string UserName { get; set; } = "";

        // Spaces are characters: a password may consist of spaces only.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password can have at most {1} characters.")]
        public string Password { get; set; } = "";

        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [Compare(nameof(Password), ErrorMessage = "The passwords do not match.")]
        public string ConfirmPassword { get; set; } = "";
    }

    [BindProperty]
    public InputModel Input { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    /// <summary>Whether the link is valid.</summary>
    public bool IsOpen { get; private set; }

    public int MinLength => options.Value.PasswordMinLength;

    public Task OnGetAsync() => CheckLinkAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        await CheckLinkAsync();
        if (!IsOpen || !ModelState.IsValid)
            return Page();
        var result = await tokens.AddAdministratorAsync(Input.UserName, Input.Password);
        if (result.Succeeded)
        {
            Added(logger, Input.UserName, HttpContext.Connection.RemoteIpAddress?.ToString());
            return RedirectWithNotice("/account/login", "Your administrator account was created. Sign in to continue.");
        }
        foreach (var error in result.Errors)
            ModelState.AddModelError("", error.Description);
        await CheckLinkAsync();
        return Page();
    }

    private async Task CheckLinkAsync()
    {
        // The URL contains the token. It must not reach a Referer header or a cache.
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers.CacheControl = "no-store";
        IsOpen = await tokens.IsValidAsync(Token);
        if (!IsOpen)
            Response.StatusCode = StatusCodes.Status404NotFound;
    }

    [LoggerMessage(1, LogLevel.Warning,
        "{Account} became the first administrator through the setup link, from {Address}.")]
    private static partial void Added(ILogger logger, string account, string? address);
}
