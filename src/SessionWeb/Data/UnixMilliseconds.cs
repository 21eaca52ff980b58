using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SessionWeb.Data;

/// <summary>Stores times as whole numbers, so that they compare and sort the same on every provider.</summary>
internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
