using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using SessionWeb.Accounts;

namespace SessionWeb.Pages;

/// <summary>Where the setup link leads: makes the first administrator, and is closed from then on.</summary>
[AllowAnonymous]
internal sealed partial class SetupModel(SetupLink link, IOptions<AccountOptions> options, ILogger<SetupModel> logger) : NoticePage
{
    public sealed class InputModel
    {
        [Required(ErrorMessage = "Choose a user name.")]
        [StringLength(AccountOptions.MaxUserNameLength, ErrorMessage = "A user name has at most {1} characters.")]
        public string UserName { get; set; } = "";

        // Spaces count, also where there is nothing else.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password has at most {1} characters.")]
        public string Password { get; set; } = "";

        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [Compare(nameof(Password), ErrorMessage = "This differs from the password.")]
        public string ConfirmPassword { get; set; } = "";
    }

    [BindProperty]
    public InputModel Input { get; set; } = new();

    [BindProperty(SupportsGet = true)]
    public string? Token { get; set; }

    /// <summary>Whether the link still works.</summary>
    public bool IsOpen { get; private set; }

    public int MinLength => options.Value.PasswordMinLength;

    public Task OnGetAsync() => ShowAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        await ShowAsync();
        if (!IsOpen || !ModelState.IsValid)
            return Page();
        var result = await link.AddAdminAsync(Input.UserName, Input.Password);
        if (result.Succeeded)
        {
            Added(logger, Input.UserName, HttpContext.Connection.RemoteIpAddress?.ToString());
            return Done("/account/login", "You are the administrator. Sign in with your new account.");
        }
        foreach (var error in result.Errors)
            ModelState.AddModelError("", error.Description);
        await ShowAsync();
        return Page();
    }

    private async Task ShowAsync()
    {
        // The address holds the token: neither a Referer nor a cache may keep it.
        Response.Headers["Referrer-Policy"] = "no-referrer";
        Response.Headers.CacheControl = "no-store";
        IsOpen = await link.IsOpenAsync(Token);
        if (!IsOpen)
            Response.StatusCode = StatusCodes.Status404NotFound;
    }

    [LoggerMessage(1, LogLevel.Warning, "{Account} became the first administrator through the setup link, from {Address}.")]
    private static partial void Added(ILogger logger, string account, string? address);
}
