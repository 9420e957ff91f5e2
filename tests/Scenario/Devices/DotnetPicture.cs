using System.Text.Json;
using System.Text.Json.Nodes;

using Chat.Protocol.Codes;
using Chat.Sdk;
using Chat.Sdk.Calls;
using Chat.Sdk.Notices;
using Chat.Sdk.People;

namespace Chat.Scenario.Devices;

/// <summary>All that a device on the C# SDK shows; the same shape as <c>driver/picture.mjs</c> makes.</summary>
internal static class DotnetPicture
{
    public static async Task<JsonNode?> TakeAsync(DotnetDevice device, CancellationToken ct)
    {
        ChatClient client = device.Client;
        IReadOnlyList<ChatSummary> chats = client.Chats;
        HashSet<long> listed = [.. chats.Select(chat => chat.ChatId)];
        Dictionary<long, object> members = [], pins = [];
        foreach (ChatSummary chat in chats)
        {
            if (chat.Kind != ChatKind.Channel) // a channel's members are for its admins, and thousands
            {
                IReadOnlyList<ChatMember> found = await client.Chat(chat.ChatId).MembersAsync(ct);
                members[chat.ChatId] = found.ToDictionary(one => one.PrincipalId, one => ContentJson.Word(one.Role));
            }

            pins[chat.ChatId] = await client.Chat(chat.ChatId).PinnedAsync(ct);
        }

        OwnProfile profile = await client.People.GetProfileAsync(ct);
        PrivacySettings privacy = await client.People.GetPrivacyAsync(ct);
        return JsonSerializer.SerializeToNode(new
        {
            order = chats.Select(chat => chat.ChatId),
            chats = chats.ToDictionary(chat => chat.ChatId, SummaryOf),
            messages = device.Conversations.Where(chat => listed.Contains(chat.ChatId)).ToDictionary(
                chat => chat.ChatId, chat => chat.Conversation.Shown.ToDictionary(entry => entry.Sequence, MessageOf)),
            members,
            pins,
            stars = await StarsAsync(client, ct),
            contacts = await ContactsAsync(client, ct),
            blocks = await client.People.ReadBlocksAsync(ct).Select(one => one.PrincipalId).ToListAsync(ct),
            profile = new
            {
                principalId = profile.PrincipalId,
                name = profile.Name,
                email = profile.Email,
                emailVerified = profile.EmailVerified,
                phone = profile.Phone,
                phoneVerified = profile.PhoneVerified,
                about = profile.About,
                avatar = profile.Avatar,
            },
            privacy = new
            {
                lastSeen = ContentJson.Word(privacy.LastSeen!.Value),
                profilePhoto = ContentJson.Word(privacy.ProfilePhoto!.Value),
                about = ContentJson.Word(privacy.About!.Value),
                readReceipts = privacy.ReadReceipts,
                calls = ContentJson.Word(privacy.Calls!.Value),
            },
            calls = await device.Calls.HistoryAsync(ct),
            callsIn = await device.Calls.IdsAsync(CallDirection.Incoming, ct),
            callsOut = await device.Calls.IdsAsync(CallDirection.Outgoing, ct),
            callsMissed = await device.Calls.IdsAsync(CallDirection.Missed, ct),
            callsActive = await device.Calls.ActiveAsync(ct),
            notices = await NoticesAsync(client, ct),
            noticesUnread = (await client.Notices.CountUnreadAsync(ct)).Count,
        });
    }

    private static async Task<List<string>> NoticesAsync(ChatClient client, CancellationToken ct)
    {
        List<string> all = [];
        string? cursor = null;
        do
        {
            NoticePage page = await client.Notices.ListAsync(cursor, 100, ct);
            all.AddRange(page.Items.Select(one => $"{one.Id} {ContentJson.Word(one.Kind)} {(one.Read ? "read" : "new")} {one.Text}"));
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return all;
    }

    private static object SummaryOf(ChatSummary chat) => new
    {
        kind = ContentJson.Word(chat.Kind),
        name = chat.PeerId is not null && chat.Name == chat.PeerName ? null : chat.Name, // this SDK gives a direct chat the peer's name
        peer = chat.PeerId,
        peerName = chat.PeerName,
        role = ContentJson.Word(chat.Role),
        joinedAt = chat.JoinedAtSequence,
        head = chat.HeadSequence,
        delivered = chat.DeliveredUpTo,
        read = chat.ReadUpTo,
        unread = chat.Unread,
        othersDelivered = chat.OthersDeliveredUpTo,
        othersRead = chat.OthersReadUpTo,
        memberCount = chat.MemberCount,
        lastActivity = chat.LastActivity.ToUnixTimeMilliseconds(),
        last = chat.LastEvent is { } last ? WithSequence(last) : null,
        own = new
        {
            archived = chat.Own.IsArchived,
            pinned = chat.Own.IsPinned,
            markedUnread = chat.Own.IsMarkedUnread,
            mutedUntil = chat.Own.MutedUntil?.ToUnixTimeMilliseconds(),
            theme = chat.Own.Theme,
            clearedUpTo = chat.Own.ClearedUpTo,
            draft = chat.Own.Draft is { } draft ? new { version = draft.Version, text = draft.Text, replyTo = draft.ReplyTo } : null,
        },
        details = new
        {
            description = chat.Details.Description,
            avatar = chat.Details.Avatar,
            theme = chat.Details.Theme,
            handle = chat.Details.Handle,
            send = ContentJson.Word(chat.Details.SendRole),
            edit = ContentJson.Word(chat.Details.EditRole),
            add = ContentJson.Word(chat.Details.AddRole),
        },
    };

    private static JsonNode? WithSequence(ChatLogEvent entry)
    {
        JsonNode? shown = JsonSerializer.SerializeToNode(MessageOf(entry));
        shown!["sequence"] = entry.Sequence;
        return shown;
    }

    private static object MessageOf(ChatLogEvent entry)
    {
        var message = entry as ChatMessage;
        return new
        {
            kind = ContentJson.Word(entry.Kind),
            sender = entry.SenderId,
            at = entry.CreatedAt.ToUnixTimeMilliseconds(),
            text = message is { IsDeleted: true } ? null : entry.Text,
            replyTo = message?.ReplyTo,
            subject = entry.SubjectId,
            role = entry.Role is { } role ? ContentJson.Word(role) : null,
            clientMessageId = message?.ClientMessageId.ToString("N"),
            content = ContentJson.Write(message?.Content),
            changes = message?.Changes is { } changes
                ? new
                {
                    asOf = changes.AsOf,
                    edited = changes.EditedAt?.ToUnixTimeMilliseconds(),
                    deleted = changes.DeletedAt?.ToUnixTimeMilliseconds(),
                    deletedBy = changes.DeletedBy,
                    pinned = changes.PinnedAt?.ToUnixTimeMilliseconds(),
                    ownReaction = changes.OwnReaction,
                    reactions = string.Join(' ', changes.Reactions.Select(one => $"{one.Emoji}{one.Count}")),
                }
                : null,
        };
    }

    private static async Task<IReadOnlyList<string>> StarsAsync(ChatClient client, CancellationToken ct)
    {
        List<string> all = [];
        string? cursor = null;
        do
        {
            StarredPage page = await client.StarredAsync(cursor, ct);
            all.AddRange(page.Items.Select(star => $"{star.ChatId}-{star.Sequence}"));
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        return all;
    }

    private static async Task<Dictionary<long, object>> ContactsAsync(ChatClient client, CancellationToken ct)
    {
        Dictionary<long, object> all = [];
        await foreach (Contact one in client.People.ReadContactsAsync(cancellationToken: ct))
        {
            all[one.PrincipalId] = new
            {
                name = one.Name,
                ownName = one.OwnName,
                favourite = one.Favourite,
                blocked = one.Blocked,
                about = one.About,
                avatar = one.Avatar,
            };
        }

        return all;
    }
}
