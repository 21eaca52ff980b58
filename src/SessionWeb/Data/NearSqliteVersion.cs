using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace SessionWeb.Data;

/// <summary>
/// EF Core is compiled against SQLitePCLRaw 2.1; some package feeds carry only 2.0 (docs/dependencies.md). Where the exact version is
/// there, this never runs.
/// </summary>
internal static class NearSqliteVersion
{
    [ModuleInitializer]
    internal static void Accept() => AssemblyLoadContext.Default.Resolving += (context, name) =>
        name.Name?.StartsWith("SQLitePCLRaw", StringComparison.Ordinal) == true
        && Path.Combine(AppContext.BaseDirectory, name.Name + ".dll") is var path && File.Exists(path)
            ? context.LoadFromAssemblyPath(path)
            : null;
}
