using SessionWeb.Data;

namespace SessionWeb.Accounts;

/// <summary>The settings under <c>Accounts</c>.</summary>
internal sealed class AccountOptions
{
    public const int MaxUserNameLength = Account.MaxUserNameLength;
    public const int MaxPasswordLength = 1024;

    /// <summary><c>Sqlite</c>, which is the default. <c>Postgres</c> is planned for a later version.</summary>
    public string Provider { get; set; } = "Sqlite";

    /// <summary>Whether anyone may register an account. Default false.</summary>
    public bool Registration { get; set; }

    /// <summary>
    /// The cost of bcrypt, 10 to 16. Each step doubles the work. Default 11. A hash of another cost is replaced at the
    /// next sign-in.
    /// </summary>
    public int BcryptCost { get; set; } = 11;

    /// <summary>
    /// The minimum number of characters of a new password, 8 to 64. Default 15 (NIST SP 800-63B-4 §3.1.1.2: the
    /// password is the only factor).
    /// </summary>
    public int PasswordMinLength { get; set; } = 15;

    /// <summary>The error message of an invalid setting. Null if all are valid.</summary>
    public string? Problem => this switch
    {
        { Provider: "Postgres" } => "Accounts:Provider must be Sqlite: a later version will support Postgres.",
        { Provider: not "Sqlite" } => $"Accounts:Provider must be Sqlite, but was '{Provider}'.",
        { BcryptCost: < 10 or > 16 } => $"Accounts:BcryptCost must be between 10 and 16, but was {BcryptCost}.",
        { PasswordMinLength: < 8 or > 64 } =>
            $"Accounts:PasswordMinLength must be between 8 and 64, but was {PasswordMinLength}.",
        _ => null,
    };
}
