using Microsoft.AspNetCore.Mvc;
using SessionWeb.Administration;

namespace SessionWeb.Pages.Admin;

/// <summary>What the address of the sessions page says: which sessions, in which order, from where on. Whatever makes no sense does not count.</summary>
internal sealed class SessionsQuery
{
    private const string Path = "/admin/sessions";
    private const int MaxPage = 200;

    /// <summary>Part of an account's name.</summary>
    [FromQuery(Name = "q")]
    public string? Account { get; set; }

    /// <summary>Part of a device's name.</summary>
    [FromQuery(Name = "device")]
    public string? Device { get; set; }

    /// <summary>How the address begins.</summary>
    [FromQuery(Name = "ip")]
    public string? Address { get; set; }

    /// <summary><c>yes</c> or <c>no</c>.</summary>
    [FromQuery(Name = "persistent")]
    public string? Persistent { get; set; }

    /// <summary><c>signed-in</c>, <c>name</c>, or by last use.</summary>
    [FromQuery(Name = "sort")]
    public string? Sort { get; set; }

    [FromQuery(Name = "page")]
    public string? Page { get; set; }

    public int PageNumber => int.TryParse(Page, out var number) ? Math.Clamp(number, 1, MaxPage) : 1;

    public SessionFilter Filter => new(
        Trimmed(Account), Trimmed(Device), Trimmed(Address),
        Persistent switch { "yes" => true, "no" => false, _ => null },
        Sort switch { "signed-in" => SessionOrder.SignedIn, "name" => SessionOrder.Name, _ => SessionOrder.LastSeen });

    public bool IsFiltering => Filter with { Order = SessionOrder.LastSeen } != new SessionFilter();

    /// <summary>The address of the list without a place in it.</summary>
    public string List => Path + Query;

    /// <summary>The address of what is shown.</summary>
    public string Here => Path + Place;

    private QueryString Place => PageNumber > 1 ? Query.Add("page", $"{PageNumber}") : Query;

    private QueryString Query => QueryString.Create(new KeyValuePair<string, string?>[]
    {
        new("q", Filter.Account), new("device", Filter.Device), new("ip", Filter.Address),
        new("persistent", Filter.Persistent is null ? null : Persistent), new("sort", Filter.Order == SessionOrder.LastSeen ? null : Sort),
    }.Where(pair => pair.Value is not null));

    /// <summary>Where a button posts to, to be led back here.</summary>
    public string To(string handler, string? account = null) =>
        Path + (account is null ? Place.Add("handler", handler) : Place.Add("handler", handler).Add("account", account));

    private static string? Trimmed(string? typed) => string.IsNullOrWhiteSpace(typed) ? null : typed.Trim();
}
