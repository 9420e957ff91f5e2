using Chat.Domain.Limits;
using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>
/// Makes a channel with the caller as its admin; people subscribe by its public name or by invite links. Made again with the public name
/// that it has, it is the same channel: the answer to the first request was lost.
/// </summary>
public sealed class CreateChannel(ChannelStore channels, GetChat getChat, RequestLimits limits)
{
    public async Task<Result<ChatRow>> ExecuteAsync(Caller caller, NewChannel channel, CancellationToken ct)
    {
        if (!TextRules.TryName(channel.Name, "name", out string? name, out Failure? failure)) return failure;
        Failure? refused = UpdateChat.JudgeDescription(channel.Description)
            ?? TextRules.JudgeShort(channel.Avatar, "avatar", TextRules.MaxReferenceChars)
            ?? ChatRules.JudgeHandle(channel.Handle);
        if (refused is not null) return refused;

        if (limits.JudgeOwnChange(caller) is { } limited) return limited;
        if (UpdateChat.JudgeGuess(limits, caller, channel.Handle) is { } guessed) return guessed;
        NewChannel wished = new(name, Filled(channel.Description), Filled(channel.Avatar), Filled(channel.Handle));
        MembershipOutcome outcome = await channels.CreateAsync(caller.PrincipalId, wished, ct);
        return outcome.Status is MembershipStatus.Done or MembershipStatus.AlreadyThere
            ? await getChat.ExecuteAsync(caller, outcome.ChatId, ct)
            : Failures.FromMembership(outcome.Status, outcome.ChatId, "handle");
    }

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
