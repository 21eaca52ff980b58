namespace SessionWeb.EndToEndTests.Sites;

/// <summary>An embedded app for several test classes, with accounts that only one test uses.</summary>
public sealed class SharedEmbeddedApp : EmbeddedApp
{
    private const int SpareUsers = 12;

    private readonly Queue<TestUser> _spare = [];

    public SharedEmbeddedApp()
    {
        // The three demo accounts come first.
        foreach (var number in Enumerable.Range(3, SpareUsers))
        {
            var user = new TestUser($"user-{number}", "five plain words of mine");
            Settings[$"Demo:Accounts:{number}:UserName"] = user.UserName;
            Settings[$"Demo:Accounts:{number}:Password"] = user.Password;
            _spare.Enqueue(user);
        }
    }

    /// <summary>A user that no other test has.</summary>
    public TestUser TakeUser() => _spare.Dequeue();
}
