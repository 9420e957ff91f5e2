using Chat.Domain.Fanout;
using Chat.Domain.Limits;
using Chat.Domain.People;
using Chat.Protocol.Frames.Pushes;
using Chat.Protocol.Framing;
using Chat.Storage.Chats;

namespace Chat.Domain.Presence;

/// <summary>
/// Tells the members of a chat who are connected that the caller types, or no longer does; nobody in a direct chat of which one has
/// blocked the other. Stores nothing.
/// </summary>
public sealed class SetTyping(IEphemeralFanout fanout, ChatStore chats, RequestLimits limits, DirectBlocks blocks)
{
    /// <param name="caller">Who types.</param>
    /// <param name="chatId">Where.</param>
    /// <param name="active">False when they stopped.</param>
    /// <param name="exceptSessionId">The session that said so, which is not told.</param>
    /// <param name="ct">Ends the look-up of the membership.</param>
    public ValueTask<Result<Done>> ExecuteAsync(Caller caller, long chatId, bool active, long exceptSessionId, CancellationToken ct)
    {
        if (!limits.AdmitsTyping(caller, chatId)) return new ValueTask<Result<Done>>(Done.Value);

        // The session that types is itself connected, so the table nearly always knows its membership.
        if (!fanout.IsMemberOnline(chatId, caller.PrincipalId)) return AskStorageAsync(caller, chatId, active, exceptSessionId, ct);

        ValueTask<bool> blocked = blocks.IsBlockedAsync(chatId, ct);
        if (!blocked.IsCompletedSuccessfully) return AwaitAsync(blocked, caller, chatId, active, exceptSessionId);

#pragma warning disable VSTHRD103 // completed: nothing blocks
        if (!blocked.Result) Publish(caller, chatId, active, exceptSessionId);
#pragma warning restore VSTHRD103
        return new ValueTask<Result<Done>>(Done.Value);
    }

    /// <summary>A blocked notice is dropped without a word, as any may be.</summary>
    private async ValueTask<Result<Done>> AwaitAsync(
        ValueTask<bool> blocked, Caller caller, long chatId, bool active, long exceptSessionId)
    {
        if (!await blocked) Publish(caller, chatId, active, exceptSessionId);
        return Done.Value;
    }

    private async ValueTask<Result<Done>> AskStorageAsync(
        Caller caller, long chatId, bool active, long exceptSessionId, CancellationToken ct)
    {
        if (!await chats.IsMemberAsync(chatId, caller.PrincipalId, ct)) return Failures.ChatNotFound(chatId);

        return await AwaitAsync(blocks.IsBlockedAsync(chatId, ct), caller, chatId, active, exceptSessionId);
    }

    private void Publish(Caller caller, long chatId, bool active, long exceptSessionId) => fanout.PublishEphemeral(
        chatId, FrameEncoder.EncodeWebSocket(new TypingPush(chatId, caller.PrincipalId, active)), exceptSessionId);
}
