using Chat.Storage.Chats;

namespace Chat.Domain.Chats;

/// <summary>Makes a channel with the caller as its admin; people subscribe by its public name or by invite links.</summary>
public sealed class CreateChannel(ChannelStore channels, GetChat getChat)
{
    public async Task<Result<ChatRow>> ExecuteAsync(Caller caller, NewChannel channel, CancellationToken ct)
    {
        if (!TextRules.TryName(channel.Name, "name", out string? name, out Failure? failure)) return failure;
        Failure? refused = UpdateChat.JudgeDescription(channel.Description)
            ?? TextRules.JudgeShort(channel.Avatar, "avatar", TextRules.MaxReferenceChars)
            ?? ChatRules.JudgeHandle(channel.Handle);
        if (refused is not null) return refused;

        NewChannel wished = new(name, Filled(channel.Description), Filled(channel.Avatar), Filled(channel.Handle));
        MembershipOutcome outcome = await channels.CreateAsync(caller.PrincipalId, wished, ct);
        if (outcome.Status != MembershipStatus.Done) return Failures.FromMembership(outcome.Status, outcome.ChatId, "handle");

        return await getChat.ExecuteAsync(caller, outcome.ChatId, ct);
    }

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
