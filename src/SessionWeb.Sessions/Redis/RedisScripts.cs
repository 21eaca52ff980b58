using System.Reflection;

namespace SessionWeb.Sessions.Redis;

/// <summary>The Lua scripts of this folder, each behind the parts that it shares with others.</summary>
internal static class RedisScripts
{
    // A full Redis refuses new sessions, and nothing else.
    private const string AllowOutOfMemory = " flags=allow-oom";

    public static readonly string Create = Load("", "sessions", "log", "create");
    public static readonly string Read = Load(AllowOutOfMemory, "sessions", "read");
    public static readonly string Touch = Load(AllowOutOfMemory, "sessions", "touch");
    public static readonly string Replace = Load(AllowOutOfMemory, "sessions", "replace");
    public static readonly string Keep = Load(AllowOutOfMemory, "sessions", "keep");
    public static readonly string List = Load(AllowOutOfMemory, "sessions", "list");
    public static readonly string Generation = Load(AllowOutOfMemory, "sessions", "generation");
    public static readonly string Revoke = Load(AllowOutOfMemory, "sessions", "log", "revocation", "revoke");
    public static readonly string Recover = Load(AllowOutOfMemory, "sessions", "log", "revocation", "recover");
    public static readonly string Everyone = Load(AllowOutOfMemory, "log", "everyone");
    public static readonly string Turn = Load(AllowOutOfMemory, "log", "turn");
    public static readonly string Renew = Load(AllowOutOfMemory, "log", "renew");
    public static readonly string Check = Load(AllowOutOfMemory, "log", "check");
    public static readonly string Drop = Load(AllowOutOfMemory, "log", "drop");
    public static readonly string Leave = Load(AllowOutOfMemory, "log", "leave");
    public static readonly string Register = Load(AllowOutOfMemory, "log", "register");

    private static string Load(string flags, params string[] parts) =>
        $"#!lua{flags}\n{string.Join('\n', parts.Prepend("common").Select(Text))}";

    private static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"SessionWeb.Sessions.Redis.{name}.lua")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
