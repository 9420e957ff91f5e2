using System.Text.Json;
using System.Text.Json.Nodes;

using Chat.Protocol.Codes;
using Chat.Sdk;
using Chat.Sdk.Chats;
using Chat.Sdk.Notices;
using Chat.Sdk.People;
using Chat.Sdk.Scheduled;
using Chat.Sdk.Search;
using Chat.Sdk.Statuses;

namespace Chat.Scenario.Devices;

/// <summary>What a device can be told to do; the same names and arguments as in <c>driver/operations.mjs</c>.</summary>
internal static class DotnetOperations
{
    public static async Task<JsonNode?> DoAsync(ChatClient client, string operation, JsonObject args, CancellationToken ct)
    {
        if (Long(args, "chatId") is { } chatId && await DoInChatAsync(client, client.Chat(chatId), operation, args, ct) is { IsKnown: true } done)
            return done.Result;
        switch (operation)
        {
            case "openDirect": return Chat((await client.OpenDirectAsync(Id(args), ct)).Id);
            case "createGroup": return Chat((await client.CreateGroupAsync(Text(args, "name")!, Ids(args), ct)).Id);
            case "createChannel":
                return Chat(await client.Joining.CreateChannelAsync(
                    Text(args, "name")!, Text(args, "description"), handle: Text(args, "handle"), cancellationToken: ct));
            case "subscribe": return Chat(await client.Joining.SubscribeAsync(Text(args, "handle")!, ct));
            case "join": return Chat(await client.Joining.JoinAsync(Text(args, "code")!, ct));
            case "profile": await client.People.UpdateProfileAsync(Text(args, "name"), Text(args, "about"), cancellationToken: ct); return null;
            case "privacy": await client.People.UpdatePrivacyAsync(PrivacyOf(args), ct); return null;
            case "contact":
                await client.People.PutContactAsync(Id(args), Text(args, "name"), args["favourite"]?.GetValue<bool>() ?? false, ct);
                return null;
            case "removeContact": await client.People.RemoveContactAsync(Id(args), ct); return null;
            case "block": await client.People.BlockAsync(Id(args), ct); return null;
            case "unblock": await client.People.UnblockAsync(Id(args), ct); return null;
            case "upload": return await UploadAsync(client, args, ct);
            case "cancelScheduled": await client.Scheduled.CancelAsync(Long(args, "id")!.Value, ct); return null;
            case "sendScheduled": await client.Scheduled.SendNowAsync(Long(args, "id")!.Value, ct); return null;
            case "readNotices":
                if ((await client.Notices.ListAsync(limit: 1, cancellationToken: ct)).Items is [Notice newest, ..]) await client.Notices.MarkReadAsync(newest.At, ct);
                return null;
            case "postStatus":
                Status posted = await client.Statuses.PostAsync(new NewStatus(ContentKind.Text, Text(args, "text")) { ClientStatusId = Key(args) }, ct);
                return new JsonObject { ["id"] = posted.Id };
            case "statuses":
                return JsonSerializer.SerializeToNode((await client.Statuses.ListAsync(Id(args), ct)).Select(status => status.Id));
            case "viewStatus": await client.Statuses.ViewAsync(Long(args, "id")!.Value, ct); return null;
            case "statusViewers":
                StatusViewerPage viewers = await client.Statuses.ViewersAsync(Long(args, "id")!.Value, cancellationToken: ct);
                return JsonSerializer.SerializeToNode(viewers.Items.Select(viewer => viewer.PrincipalId));
            case "deleteStatus": await client.Statuses.DeleteAsync(Long(args, "id")!.Value, ct); return null;
            case "search":
                FoundMessages found = await client.Search.MessagesAsync(new SearchWish { Text = Text(args, "text") }, cancellationToken: ct);
                return JsonSerializer.SerializeToNode(found.Messages.Select(message => $"{message.ChatId}-{message.Sequence}"));
            default: throw new ArgumentException($"There is no operation '{operation}'.", nameof(operation));
        }
    }

    private static async Task<Done> DoInChatAsync(ChatClient client, ChatHandle chat, string operation, JsonObject args, CancellationToken ct)
    {
        long sequence = Long(args, "sequence") ?? 0;
        switch (operation)
        {
            case "send":
                return await StoredAsync(chat.Send(Text(args, "text")!, Long(args, "replyTo"), ContentJson.Read(args["content"])), ct);
            case "forward":
                return await FindAsync(client.Chat(Long(args, "fromChatId")!.Value), sequence, ct) is { IsDeleted: false } message
                    ? await StoredAsync(chat.Forward(message), ct)
                    : Done.Nothing;
            case "edit": await chat.EditAsync(sequence, Text(args, "text")!, ct); break;
            case "delete": await chat.DeleteAsync(sequence, ct); break;
            case "react": await chat.ReactAsync(sequence, Text(args, "emoji"), ct); break;
            case "pinMessage": await chat.PinAsync(sequence, ct); break;
            case "unpinMessage": await chat.UnpinAsync(sequence, ct); break;
            case "star": await chat.StarAsync(sequence, ct); break;
            case "unstar": await chat.UnstarAsync(sequence, ct); break;
            case "hide": await chat.HideAsync(sequence, ct); break;
            case "read": await chat.MarkReadAsync(Long(args, "upTo"), ct); break;
            case "typing" when args["active"]!.GetValue<bool>(): chat.StartTyping(); break;
            case "typing": chat.StopTyping(); break;
            case "draft":
                chat.SetDraft(Text(args, "text")!, Long(args, "replyTo"));
                await chat.FlushDraftAsync(ct);
                break;
            case "rename": await chat.RenameAsync(Text(args, "name")!, ct); break;
            case "add": await chat.AddMembersAsync(Ids(args), ct); break;
            case "remove": await chat.RemoveMemberAsync(Id(args), ct); break;
            case "leave": await chat.LeaveAsync(ct); break;
            case "role": await chat.SetRoleAsync(Id(args), ContentJson.Value<MemberRole>(args["role"]), ct); break;
            case "update": await chat.Settings.UpdateAsync(ChangeOf(args["change"]!), ct); break;
            case "deleteChat": await chat.Settings.DeleteAsync(ct); break;
            case "mute":
                await chat.Settings.MuteAsync(Long(args, "untilMs") is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null, ct);
                break;
            case "unmute": await chat.Settings.UnmuteAsync(ct); break;
            case "archive": await chat.Settings.ArchiveAsync(ct); break;
            case "unarchive": await chat.Settings.UnarchiveAsync(ct); break;
            case "pinChat": await chat.Settings.PinAsync(ct); break;
            case "unpinChat": await chat.Settings.UnpinAsync(ct); break;
            case "markUnread": await chat.Settings.MarkUnreadAsync(ct); break;
            case "unmarkUnread": await chat.Settings.UnmarkUnreadAsync(ct); break;
            case "theme": await chat.Settings.SetThemeAsync(Text(args, "theme"), ct); break;
            case "clear": await chat.Settings.ClearAsync(Long(args, "upTo"), ct); break;
            case "createInvite":
                InviteLink made = await client.Joining.CreateInviteAsync(chat.Id, maxUses: (int?)Long(args, "maxUses"), cancellationToken: ct);
                return new Done(new JsonObject { ["code"] = made.Code });
            case "schedule":
                NewScheduledMessage planned = new(chat.Id, Due(args), new ScheduledWords(Text(args, "text")!)) { ClientMessageId = Key(args) };
                return new Done(new JsonObject { ["id"] = (await client.Scheduled.ScheduleAsync(planned, ct)).Id });
            case "changeScheduled":
                await client.Scheduled.ChangeAsync(Long(args, "id")!.Value, Due(args), new ScheduledWords(Text(args, "text")!), cancellationToken: ct);
                break;
            case "revokeInvite": await client.Joining.RevokeInviteAsync(chat.Id, Text(args, "code")!, ct); break;
            default: return default;
        }

        return Done.Nothing;
    }

    private static async Task<Done> StoredAsync(OutgoingMessage outgoing, CancellationToken ct)
    {
        SentMessage sent = await outgoing.Sent.WaitAsync(ct);
        return new Done(new JsonObject { ["sequence"] = sent.Sequence, ["clientMessageId"] = outgoing.ClientMessageId.ToString("N") });
    }

    private static async Task<ChatMessage?> FindAsync(ChatHandle chat, long sequence, CancellationToken ct)
    {
        HistoryPage page = await chat.HistoryAsync(after: sequence - 1, limit: 1, cancellationToken: ct);
        return page.Events.OfType<ChatMessage>().FirstOrDefault(message => message.Sequence == sequence);
    }

    /// <summary>Uploads a file; with <c>interrupt</c>, breaks off after its first part and goes on later.</summary>
    private static async Task<JsonNode?> UploadAsync(ChatClient client, JsonObject args, CancellationToken ct)
    {
        await using FileStream content = File.OpenRead(Text(args, "path")!);
        var file = new FileUpload(Text(args, "fileName")!, Long(args, "chatId"), ContentJson.Value<FilePurpose>(args["purpose"])) { PartBytes = 65_536 };
        if (args["interrupt"]?.GetValue<bool>() != true) return Uploaded(await client.Files.UploadAsync(content, file, cancellationToken: ct));

        using var pause = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var progress = new FirstPart(pause);
        try
        {
            return Uploaded(await client.Files.UploadAsync(content, file, progress, pause.Token));
        }
        catch (OperationCanceledException) when (pause.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            content.Position = 0;
            return Uploaded(await client.Files.ResumeAsync(progress.BlobId!, content, cancellationToken: ct));
        }
    }

    private static JsonNode? Uploaded(UploadedFile file) => JsonSerializer.SerializeToNode(
        new { blobId = file.BlobId, contentType = file.ContentType, bytes = file.Bytes, fileName = file.FileName });

    private static PrivacySettings PrivacyOf(JsonObject args)
    {
        Audience? Audience(string name) => args[name] is { } value ? ContentJson.Value<Audience>(value) : null;
        return new PrivacySettings(Audience("lastSeen"), Audience("profilePhoto"), Audience("about"), args["readReceipts"]?.GetValue<bool>(), Audience("calls"));
    }

    private static ChatChange ChangeOf(JsonNode change)
    {
        MemberRole? Role(string name) => change["permissions"]?[name] is { } role ? ContentJson.Value<MemberRole>(role) : null;
        return new ChatChange(
            change["name"]?.GetValue<string>(), change["description"]?.GetValue<string>(), Theme: change["theme"]?.GetValue<string>(),
            Permissions: change["permissions"] is null ? null : new ChatPermissions(Role("send"), Role("edit"), Role("add")));
    }

    private static JsonObject Chat(long chatId) => new() { ["chatId"] = chatId };

    private static string? Text(JsonObject args, string name) => args[name]?.GetValue<string>();

    private static long? Long(JsonObject args, string name) => args[name]?.GetValue<long>();

    private static Guid Key(JsonObject args) => Guid.Parse(Text(args, "key")!);

    private static DateTimeOffset Due(JsonObject args) => TimeProvider.System.GetUtcNow().AddSeconds(args["inSeconds"]!.GetValue<double>());

    private static long Id(JsonObject args) => args["principalId"]!.GetValue<long>();

    private static IReadOnlyList<long> Ids(JsonObject args) => [.. args["memberIds"]!.AsArray().Select(id => id!.GetValue<long>())];

    private readonly record struct Done(JsonNode? Result, bool IsKnown = true)
    {
        public static Done Nothing => new(null);
    }

    /// <summary>Ends an upload at its first part. Called in order, unlike <see cref="Progress{T}"/>.</summary>
    private sealed class FirstPart(CancellationTokenSource pause) : IProgress<UploadProgress>
    {
        public string? BlobId { get; private set; }

        public void Report(UploadProgress value)
        {
            BlobId = value.BlobId;
            if (value.SentBytes > 0) pause.Cancel();
        }
    }
}
