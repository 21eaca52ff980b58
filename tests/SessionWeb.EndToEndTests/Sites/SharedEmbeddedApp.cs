namespace SessionWeb.EndToEndTests.Sites;

/// <summary>An embedded app for several test classes. Each additional account belongs to one test.</summary>
public sealed class SharedEmbeddedApp : EmbeddedApp
{
    private const int AdditionalUsers = 12;

    private readonly Queue<TestUser> _unusedUsers = [];

    public SharedEmbeddedApp()
    {
        // The three demo accounts precede these.
        foreach (var number in Enumerable.Range(3, AdditionalUsers))
        {
            var user = new TestUser($"user-{number}", "five plain words of mine");
            Settings[$"Demo:Accounts:{number}:UserName"] = user.UserName;
            Settings[$"Demo:Accounts:{number}:Password"] = user.Password;
            _unusedUsers.Enqueue(user);
        }
    }

    /// <summary>Returns a user that no other test uses.</summary>
    public TestUser TakeUser() => _unusedUsers.Dequeue();
}
