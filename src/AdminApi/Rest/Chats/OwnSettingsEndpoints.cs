using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.Domain.Chats;
using Chat.Protocol.Codes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;

namespace Chat.AdminApi.Rest.Chats;

/// <summary>What a chat is to the caller alone .</summary>
internal static class OwnSettingsEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        RouteGroupBuilder chat = api.MapGroup("/chats/{chatId}").WithTags("Chats");
        Add(chat.MapPost("/mute", MuteAsync), "muteChat", "Mutes a chat for oneself until a time, or for ever.");
        Add(chat.MapDelete("/mute", UnmuteAsync), "unmuteChat", "Ends that a chat is muted.");
        Add(
            chat.MapPost("/archive", ArchiveAsync), "archiveChat",
            "Puts a chat into one's archive, until a message comes; while it is muted none brings it back.");
        Add(chat.MapDelete("/archive", UnarchiveAsync), "unarchiveChat", "Takes a chat out of one's archive.");
        Add(chat.MapPost("/pin", PinAsync), "pinChat", "Pins a chat above one's others.", ErrorCode.TooManyPins);
        Add(chat.MapDelete("/pin", UnpinAsync), "unpinChat", "Ends that a chat is pinned.");
        Add(chat.MapPost("/unread", MarkUnreadAsync), "markChatUnread", "Marks a chat as unread for oneself, until something of it is read.");
        Add(chat.MapDelete("/unread", UnmarkUnreadAsync), "unmarkChatUnread", "Ends that a chat is marked as unread.");
        Add(chat.MapPut("/theme", SetThemeAsync), "setOwnTheme", "Shows a chat to oneself in another theme; without one, in the chat's own.");
        Add(chat.MapPost("/clear", ClearAsync), "clearHistory", "Takes a chat's history, or its older part, from one's own sight, for good.");
        Add(
            chat.MapPut("/draft", SetDraftAsync), "setDraft", "Keeps what one began to write, for all one's devices.",
            ErrorCode.TextTooLong, ErrorCode.TextHasNul);
        Add(chat.MapDelete("/draft", DeleteDraftAsync), "deleteDraft", "Takes one's draft away.");
    }

    private static void Add(RouteHandlerBuilder route, string operationId, string summary, params ErrorCode[] more) =>
        route.Describe(operationId, summary).FailsWith([ErrorCode.ChatNotFound, ErrorCode.RateLimited, .. more]);

    private static async Task<Results<NoContent, ProblemAnswer>> MuteAsync(
        HttpContext http, WholeNumber chatId, MuteBody body, ChangeOwnSettings change, CancellationToken ct) =>
        (await change.MuteAsync(http.Caller(), chatId.Value, body.Until ?? DateTimeOffset.MaxValue, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> UnmuteAsync(
        HttpContext http, WholeNumber chatId, ChangeOwnSettings change, CancellationToken ct) =>
        (await change.MuteAsync(http.Caller(), chatId.Value, until: null, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> ArchiveAsync(
        HttpContext http, WholeNumber chatId, ChangeOwnSettings change, CancellationToken ct) =>
        (await change.ArchiveAsync(http.Caller(), chatId.Value, archived: true, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> UnarchiveAsync(
        HttpContext http, WholeNumber chatId, ChangeOwnSettings change, CancellationToken ct) =>
        (await change.ArchiveAsync(http.Caller(), chatId.Value, archived: false, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> PinAsync(
        HttpContext http, WholeNumber chatId, ChangeOwnSettings change, CancellationToken ct) =>
        (await change.PinAsync(http.Caller(), chatId.Value, pinned: true, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> UnpinAsync(
        HttpContext http, WholeNumber chatId, ChangeOwnSettings change, CancellationToken ct) =>
        (await change.PinAsync(http.Caller(), chatId.Value, pinned: false, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> MarkUnreadAsync(
        HttpContext http, WholeNumber chatId, WholeNumber? readUpTo, ChangeOwnSettings change, CancellationToken ct) =>
        (await change.MarkUnreadAsync(http.Caller(), chatId.Value, readUpTo?.Value, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> UnmarkUnreadAsync(
        HttpContext http, WholeNumber chatId, ChangeOwnSettings change, CancellationToken ct) =>
        (await change.UnmarkUnreadAsync(http.Caller(), chatId.Value, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> SetThemeAsync(
        HttpContext http, WholeNumber chatId, ThemeBody body, ChangeOwnSettings change, CancellationToken ct) =>
        (await change.SetThemeAsync(http.Caller(), chatId.Value, body.Theme, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> ClearAsync(
        HttpContext http, WholeNumber chatId, ClearBody body, ClearHistory clear, CancellationToken ct) =>
        (await clear.ExecuteAsync(http.Caller(), chatId.Value, body.UpTo?.Value, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> SetDraftAsync(
        HttpContext http, WholeNumber chatId, DraftBody body, SetDraft setDraft, CancellationToken ct) =>
        (await setDraft.ExecuteAsync(http.Caller(), chatId.Value, body.Text, body.ReplyTo?.Value, ct)).ToNoContent();

    private static async Task<Results<NoContent, ProblemAnswer>> DeleteDraftAsync(
        HttpContext http, WholeNumber chatId, SetDraft setDraft, CancellationToken ct) =>
        (await setDraft.ExecuteAsync(http.Caller(), chatId.Value, text: null, replyTo: null, ct)).ToNoContent();
}
