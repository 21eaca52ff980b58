using System.Runtime.CompilerServices;
using System.Runtime.Loader;

namespace SessionWeb.Tests.Components;

internal static class NearDiffing
{
    /// <summary>bUnit was built against a newer AngleSharp.Diffing than some package feeds carry; this never runs where that one is present.</summary>
    [ModuleInitializer]
    internal static void AcceptLowerVersion() =>
        AssemblyLoadContext.Default.Resolving += (context, name) => name.Name == "AngleSharp.Diffing"
            ? context.LoadFromAssemblyPath(Path.Combine(AppContext.BaseDirectory, "AngleSharp.Diffing.dll"))
            : null;
}
