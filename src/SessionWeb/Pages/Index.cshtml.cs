using SessionWeb.Hosting;
using SessionWeb.Sessions;

namespace SessionWeb.Pages;

internal sealed class IndexModel(NodeOptions node) : NoticePage
{
    public Session? Session => HttpContext.GetSession();

    public string? NodeName => node.PublicName;
}
