using Chat.Storage.Chats;
using Chat.Storage.People;

namespace Chat.Storage.Media;

/// <summary>
/// Who sees the file <c>b</c> because it is a picture: whoever is shown the reference to it (protocol-spec.md §8.7, §8.8). $2 is who asks. A picture
/// that is not shown any more is nobody's but its owner's, and a chat's its members'.
/// </summary>
internal static class PictureSql
{
    /// <summary>How a profile and a chat refer to the file: by its name, as clients know it.</summary>
    private const string Reference = "replace(b.id::text, '-', '')";

    /// <summary>True of the picture that its owner's profile shows to $2.</summary>
    public static readonly string IsOfProfile = $"""
        b.purpose = 2 and exists (
            select from principals p
            {Visibility.Joins("$2")}
            where p.id = b.owner_id and p.avatar = {Reference} and {Visibility.Shows("photo_audience", "$2")})
        """;

    /// <summary>
    /// True of the picture of the chat <c>c</c> for $2, whose membership is <c>m</c>; or who looks at the chat from outside, by the public name of
    /// a channel, or by the invite link $3.
    /// </summary>
    public const string IsOfChat = $"""
        b.purpose = 3 and (m.role is not null or c.avatar = {Reference} and (
            c.handle is not null
            or exists (select from invites i where i.code = $3 and i.chat_id = c.id and {InviteStore.IsUsable})))
        """;
}
