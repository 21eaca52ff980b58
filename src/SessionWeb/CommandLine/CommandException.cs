namespace SessionWeb.CommandLine;

/// <summary>A command fails. The message is one line for the user of the command line.</summary>
internal sealed class CommandException(string message) : Exception(message);
