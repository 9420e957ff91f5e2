using System.Globalization;
using Chat.Domain.Chats;
using Chat.Storage.Chats;

namespace Chat.AdminApi.Rest.Chats;

/// <summary>Lists of chats and members in pages .</summary>
internal static class ChatPages
{
    public static Page<ChatResource> From(ChatList list) => new()
    {
        Items = [.. list.Chats.Select(ChatResource.From)],
        NextCursor = list.NextCursor,
    };

    public static Page<MemberResource> From(MemberPage page) => new()
    {
        Items = [.. page.Members.Select(MemberResource.From)],
        NextCursor = page.HasMore ? page.Members[^1].PrincipalId.ToString(CultureInfo.InvariantCulture) : null,
    };
}
