using SessionWeb.Nodes;
using SessionWeb.Sessions;

namespace SessionWeb.Pages;

internal sealed class IndexModel(Node node) : NoticePage
{
    public Session? Session => HttpContext.GetSession();

    public string? NodeName => node.PublicName;
}
