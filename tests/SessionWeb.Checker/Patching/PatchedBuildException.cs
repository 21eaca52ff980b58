namespace SessionWeb.Checker.Patching;

/// <summary>A patch does not apply to the current sources, or the library does not build with it.</summary>
internal sealed class PatchedBuildException(string message, Exception? cause = null) : Exception(message, cause);
