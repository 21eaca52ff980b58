using System.Reflection;

namespace SessionWeb.Sessions.Redis;

/// <summary>The scripts of this folder, each behind the part that they share.</summary>
internal static class RedisScripts
{
    public static readonly string Create = Load("create", flags: "");
    public static readonly string Read = Load("read", AllowOutOfMemory);
    public static readonly string Touch = Load("touch", AllowOutOfMemory);
    public static readonly string End = Load("end", AllowOutOfMemory);
    public static readonly string Outdate = Load("outdate", AllowOutOfMemory);
    public static readonly string Replace = Load("replace", AllowOutOfMemory);
    public static readonly string Keep = Load("keep", AllowOutOfMemory);
    public static readonly string List = Load("list", AllowOutOfMemory);

    // A full Redis refuses new sessions, and nothing else.
    private const string AllowOutOfMemory = " flags=allow-oom";

    private static string Load(string name, string flags) => $"#!lua{flags}\n{Text("sessions")}\n{Text(name)}";

    private static string Text(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"SessionWeb.Sessions.Redis.{name}.lua")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
