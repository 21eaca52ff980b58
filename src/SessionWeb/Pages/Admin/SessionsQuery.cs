using Microsoft.AspNetCore.Mvc;
using SessionWeb.Administration;

namespace SessionWeb.Pages.Admin;

/// <summary>The query string of the sessions page: filters, order, page number. Invalid values are ignored.</summary>
internal sealed class SessionsQuery
{
    private const string Path = "/admin/sessions";
    private const int MaxPage = 200;

    /// <summary>A part of the account name.</summary>
    [FromQuery(Name = "q")]
    public string? Account { get; set; }

    /// <summary>A part of the device name.</summary>
    [FromQuery(Name = "device")]
    public string? Device { get; set; }

    /// <summary>The beginning of the IP address.</summary>
    [FromQuery(Name = "ip")]
    public string? Address { get; set; }

    /// <summary><c>yes</c> or <c>no</c>.</summary>
    [FromQuery(Name = "persistent")]
    public string? Persistent { get; set; }

    /// <summary><c>signed-in</c> or <c>name</c>; otherwise by last use.</summary>
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

    /// <summary>The URL of the first page of the list.</summary>
    public string ListUrl => Path + WithoutPage;

    /// <summary>The URL of the current page of the list.</summary>
    public string Url => Path + WithPage;

    private QueryString WithPage => PageNumber > 1 ? WithoutPage.Add("page", $"{PageNumber}") : WithoutPage;

    private QueryString WithoutPage => QueryString.Create(new KeyValuePair<string, string?>[]
    {
        new("q", Filter.Account),
        new("device", Filter.Device),
        new("ip", Filter.Address),
        new("persistent", Filter.Persistent is null ? null : Persistent),
        new("sort", Filter.Order == SessionOrder.LastSeen ? null : Sort),
    }.Where(pair => pair.Value is not null));

    /// <summary>The URL of a POST handler, which then redirects to the current page of the list.</summary>
    public string PostUrl(string handler, string? account = null)
    {
        var query = WithPage.Add("handler", handler);
        return Path + (account is null ? query : query.Add("account", account));
    }

    private static string? Trimmed(string? value) => string.IsNullOrWhiteSpace(value) ? null : value.Trim();
}
