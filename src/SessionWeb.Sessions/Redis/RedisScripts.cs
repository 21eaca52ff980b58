using System.Reflection;

namespace SessionWeb.Sessions.Redis;

/// <summary>The Lua scripts of this folder, each preceded by the parts that it shares with others.</summary>
internal static class RedisScripts
{
    // A full Redis refuses new sessions, and nothing else.
    private const string AllowOutOfMemory = " flags=allow-oom";

    public static readonly string Create = Load("", "common", "sessions", "log", "create");
    public static readonly string Read = Load(AllowOutOfMemory, "common", "sessions", "read");
    public static readonly string Touch = Load(AllowOutOfMemory, "common", "sessions", "touch");
    public static readonly string Replace = Load(AllowOutOfMemory, "common", "sessions", "replace");
    public static readonly string Keep = Load(AllowOutOfMemory, "common", "sessions", "keep");
    public static readonly string List = Load(AllowOutOfMemory, "common", "sessions", "list");
    public static readonly string Generation = Load(AllowOutOfMemory, "common", "sessions", "generation");
    public static readonly string Revoke = Load(AllowOutOfMemory, "common", "sessions", "log", "revocation", "revoke");
    public static readonly string Recover = Load(
        AllowOutOfMemory, "common", "sessions", "log", "revocation", "recover");
    public static readonly string RaiseEpoch = Load(AllowOutOfMemory, "common", "log", "raise-epoch");
    public static readonly string Turn = Load(AllowOutOfMemory, "common", "log", "turn");
    public static readonly string Renew = Load(AllowOutOfMemory, "common", "log", "renew");
    public static readonly string Check = Load(AllowOutOfMemory, "common", "log", "check");
    public static readonly string Drop = Load(AllowOutOfMemory, "common", "log", "drop");
    public static readonly string Leave = Load(AllowOutOfMemory, "common", "log", "leave");
    public static readonly string ReadNodes = Load(AllowOutOfMemory, "common", "log", "nodes");
    public static readonly string Memory = Load("", "memory");
    public static readonly string RestoreKeys = Load(AllowOutOfMemory, "restore-keys");

    private static string Load(string flags, params string[] parts) =>
        $"#!lua{flags}\n{string.Join('\n', parts.Select(ReadText))}";

    private static string ReadText(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(
            $"SessionWeb.Sessions.Redis.{name}.lua")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
