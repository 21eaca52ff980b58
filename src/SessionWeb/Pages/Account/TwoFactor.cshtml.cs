using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Html;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using QRCoder;
using SessionWeb.Accounts;
using SessionWeb.Administration;
using SessionWeb.Sessions;

namespace SessionWeb.Pages.Account;

/// <summary>Two-factor sign-in of the own account: on with an authenticator app, off with the password.</summary>
internal sealed class TwoFactorModel(
    TwoFactorActions twoFactor, TwoFactorCodes codes, AccountChanges changes, Revocations revocations, IDataProtectionProvider protection)
    : OwnAccountPage(changes, revocations)
{
    private const string Here = "/account/two-factor";

    public sealed class InputModel
    {
        [StringLength(TwoFactorCodes.MaxLength, ErrorMessage = "A code has at most {1} characters.")]
        public string? Code { get; set; }

        // Spaces count, also where there is nothing else.
        [Required(AllowEmptyStrings = true), DisplayFormat(ConvertEmptyStringToNull = false)]
        [StringLength(AccountOptions.MaxPasswordLength, ErrorMessage = "A password has at most {1} characters.")]
        public string CurrentPassword { get; set; } = "";

        /// <summary>The key that the page showed, protected: nothing is kept of it before a code has shown that the app has it.</summary>
        public string? Setup { get; set; }
    }

    [BindProperty]
    public InputModel Input { get; set; } = new();

    /// <summary>The new recovery codes, for this one time.</summary>
    [TempData]
    public string? RecoveryCodes { get; set; }

    public string? NewRecoveryCodes { get; private set; }

    public bool IsEnabled { get; private set; }

    public int CodesLeft { get; private set; }

    /// <summary>The authenticator's key, in groups as people type it.</summary>
    public string Key { get; private set; } = "";

    /// <summary>The same as a picture for the app's camera.</summary>
    public HtmlString Picture { get; private set; } = HtmlString.Empty;

    private string AccountId => HttpContext.GetSession()!.AccountId;

    private ITimeLimitedDataProtector Protector => protection.CreateProtector("SessionWeb.TwoFactorSetup", AccountId).ToTimeLimitedDataProtector();

    public async Task OnGetAsync()
    {
        ModelState.Clear();
        await ShowAsync(codes.NewKey());
    }

    public async Task<IActionResult> OnPostEnableAsync()
    {
        if (SetupKey() is not { } key)
            return Done(Here, "That took too long. Here is a new key.", "info");
        if (string.IsNullOrWhiteSpace(Input.Code))
            ModelState.AddModelError("Input.Code", "Enter the code that your app shows now.");
        if (!ModelState.IsValid)
            return await RefuseAsync(key);
        var recovery = TwoFactorCodes.NewRecoveryCodes();
        var changed = await twoFactor.EnableAsync(AccountId, Input.CurrentPassword, key, Input.Code!, recovery);
        if (!changed.Result.Succeeded)
            return await RefuseAsync(key, changed.Result);
        if (changed.Change is null)
            return Done(Here, "Two-factor sign-in was on already.", "info");
        var answer = await ContinueAsync(changed, Here, "Two-factor sign-in is on.");
        // The page shows them now if the user has to sign in again, else the next one does.
        NewRecoveryCodes = string.Join(' ', recovery);
        if (SignInAgain is null)
            RecoveryCodes = NewRecoveryCodes;
        return answer;
    }

    public async Task<IActionResult> OnPostDisableAsync()
    {
        if (!ModelState.IsValid)
            return await RefuseAsync(codes.NewKey());
        var changed = await twoFactor.DisableAsync(AccountId, Input.CurrentPassword);
        if (!changed.Result.Succeeded)
            return await RefuseAsync(codes.NewKey(), changed.Result);
        if (changed.Change is null)
            return Done(Here, "Two-factor sign-in was off already.", "info");
        return await ContinueAsync(changed, Here, "Two-factor sign-in is off.");
    }

    private async Task<IActionResult> RefuseAsync(string key, IdentityResult? result = null)
    {
        foreach (var error in result?.Errors ?? [])
        {
            if (error.Code == nameof(IdentityErrorDescriber.InvalidToken))
                ModelState.AddModelError("Input.Code", "This is not the code that belongs to the key just now. Is the clock of your device right?");
            else
                ModelState.AddModelError("Input.CurrentPassword", error.Description);
        }
        Response.StatusCode = StatusCodes.Status400BadRequest;
        await ShowAsync(key);
        return Page();
    }

    private async Task ShowAsync(string key)
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
        Picture = Draw($"otpauth://totp/{Uri.EscapeDataString($"SessionWeb:{account.UserName}")}?secret={key}&issuer=SessionWeb");
    }

    private string? SetupKey()
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

    /// <summary>Black on white in any colour scheme, and without style attributes, which the content security policy forbids.</summary>
    private static HtmlString Draw(string text)
    {
        using var data = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.M);
        using var picture = new SvgQRCode(data);
        return new(picture.GetGraphic(1, "#000", "#fff", true, SvgQRCode.SizingMode.ViewBoxAttribute));
    }
}
