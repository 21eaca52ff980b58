using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using QRCoder;
using SessionWeb.Accounts;
using SessionWeb.Revocations;
using SessionWeb.SelfService;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>Turns two-factor sign-in of the user's account on and off.</summary>
internal sealed class TwoFactorModel(
    OwnTwoFactor twoFactor,
    TwoFactorCodes codes,
    AccountChanges changes,
    SessionRevoker revoker,
    IDataProtectionProvider protection)
    : OwnAccountPage(changes, revoker)
{
    private const string PagePath = "/account/two-factor";

    public sealed class InputModel
    {
        [StringLength(TwoFactorCodes.MaxLength, ErrorMessage = "A code can have at most {1} characters.")]
        public string? Code { get; set; }

        // Spaces are characters: a password may consist of spaces only.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password can have at most {1} characters.")]
        public string CurrentPassword { get; set; } = "";

        /// <summary>The key that the page showed, encrypted. The server stores it only after a valid code.</summary>
        public string? Setup { get; set; }
    }

    [BindProperty]
    public InputModel Input { get; set; } = new();

    /// <summary>The new recovery codes, which the next page shows once.</summary>
    [TempData]
    public string? RecoveryCodes { get; set; }

    /// <summary>The new recovery codes, if this response shows them.</summary>
    public string? NewRecoveryCodes { get; private set; }

    public bool IsEnabled { get; private set; }

    public int CodesLeft { get; private set; }

    /// <summary>The key for the authenticator app, in groups of four characters.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The same key for the camera of the app.</summary>
    public HtmlString QrCode { get; private set; } = HtmlString.Empty;

    private string AccountId => HttpContext.GetSession()!.AccountId;

    private ITimeLimitedDataProtector Protector =>
        protection.CreateProtector("SessionWeb.TwoFactorSetup", AccountId).ToTimeLimitedDataProtector();

    public async Task OnGetAsync()
    {
        ModelState.Clear();
        await LoadAsync(codes.NewKey());
    }

    public async Task<IActionResult> OnPostEnableAsync()
    {
        if (ReadSetupKey() is not { } key)
            return RedirectWithNotice(PagePath, "The setup expired. Start again with the new key.", "info");
        if (string.IsNullOrWhiteSpace(Input.Code))
            ModelState.AddModelError("Input.Code", "Enter the current code from your app.");
        if (!ModelState.IsValid)
            return await RejectAsync(key);
        var recovery = TwoFactorCodes.NewRecoveryCodes();
        var changed = await twoFactor.EnableAsync(AccountId, Input.CurrentPassword, key, Input.Code!, recovery);
        if (!changed.Result.Succeeded)
            return await RejectAsync(key, changed.Result);
        if (!changed.IsChanged)
            return RedirectWithNotice(PagePath, "Two-factor sign-in is already on.", "info");
        var result = await ContinueAsync(changed, PagePath, "Two-factor sign-in is on.");
        // This response shows the codes if the user has to sign in again. Otherwise the next page shows them.
        NewRecoveryCodes = string.Join(' ', recovery);
        if (SignInAgain is null)
            RecoveryCodes = NewRecoveryCodes;
        return result;
    }

    public async Task<IActionResult> OnPostDisableAsync()
    {
        if (!ModelState.IsValid)
            return await RejectAsync(codes.NewKey());
        var changed = await twoFactor.DisableAsync(AccountId, Input.CurrentPassword);
        if (!changed.Result.Succeeded)
            return await RejectAsync(codes.NewKey(), changed.Result);
        if (!changed.IsChanged)
            return RedirectWithNotice(PagePath, "Two-factor sign-in is already off.", "info");
        return await ContinueAsync(changed, PagePath, "Two-factor sign-in is off.");
    }

    private async Task<IActionResult> RejectAsync(string key, IdentityResult? result = null)
    {
        foreach (var error in result?.Errors ?? [])
        {
            if (error.Code == nameof(IdentityErrorDescriber.InvalidToken))
            {
                ModelState.AddModelError(
                    "Input.Code", "The code is incorrect. Check the clock of your device, then enter a new code.");
            }
            else
            {
                ModelState.AddModelError("Input.CurrentPassword", error.Description);
            }
        }
        Response.StatusCode = StatusCodes.Status400BadRequest;
        await LoadAsync(key);
        return Page();
    }

    private async Task LoadAsync(string key)
    {
        var account = await Changes.Of(AccountId).SingleAsync(HttpContext.RequestAborted);
        IsEnabled = account.TwoFactorEnabled;
        if (IsEnabled)
        {
            CodesLeft = await codes.CountRecoveryCodesAsync(account.Id);
            return;
        }
        ModelState.Remove("Input.Setup");
        Input.Setup = Protector.Protect(key, TimeSpan.FromMinutes(30));
        Key = string.Join(' ', key.Chunk(4).Select(part => new string(part)));
        var label = Uri.EscapeDataString($"SessionWeb:{account.UserName}");
        QrCode = DrawQrCode($"otpauth://totp/{label}?secret={key}&issuer=SessionWeb");
    }

    private string? ReadSetupKey()
    {
        try
        {
            return string.IsNullOrEmpty(Input.Setup) ? null : Protector.Unprotect(Input.Setup);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>Black on white in any color scheme. The content security policy forbids style attributes.</summary>
    private static HtmlString DrawQrCode(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(data);
        return new(picture.GetGraphic(1, "#000", "#fff", true, SvgQRCode.SizingMode.ViewBoxAttribute));
    }
}
