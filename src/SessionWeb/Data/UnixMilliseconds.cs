using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace SessionWeb.Data;

/// <summary>Times are whole numbers in the database, so that they compare and sort alike on every provider.</summary>
internal sealed class UnixMilliseconds() : ValueConverter<DateTimeOffset, long>(
    time => time.ToUnixTimeMilliseconds(),
    milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
