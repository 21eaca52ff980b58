namespace SessionWeb.Accounts;

/// <summary>The settings under <c>Accounts</c>.</summary>
internal sealed class AccountOptions
{
    public const int MaxUserNameLength = 64;
    public const int MaxPasswordLength = 1024;

    /// <summary><c>Sqlite</c> (default); <c>Postgres</c> comes with a later version.</summary>
    public string Provider { get; set; } = "Sqlite";

    /// <summary>Whether anybody may sign up. Default false.</summary>
    public bool Registration { get; set; }

    /// <summary>bcrypt's cost, 10 to 16: each step doubles the work. Default 11. Hashes of another cost are replaced at the next sign-in.</summary>
    public int BcryptCost { get; set; } = 11;

    /// <summary>The least number of characters of a new password, 8 to 64. Default 15 (NIST SP 800-63B-4 §3.1.1.2: the password is the sole factor).</summary>
    public int PasswordMinLength { get; set; } = 15;

    /// <summary>The sentence that says what is wrong, or null.</summary>
    public string? Problem => this switch
    {
        { Provider: "Postgres" } => "Accounts:Provider: Postgres comes with a later version; until then it takes Sqlite.",
        { Provider: not "Sqlite" } => $"Accounts:Provider is '{Provider}'; it takes Sqlite.",
        { BcryptCost: < 10 or > 16 } => $"Accounts:BcryptCost is {BcryptCost}; it takes 10 to 16.",
        { PasswordMinLength: < 8 or > 64 } => $"Accounts:PasswordMinLength is {PasswordMinLength}; it takes 8 to 64.",
        _ => null,
    };
}
