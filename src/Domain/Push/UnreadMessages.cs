using Chat.Storage.Push;

namespace Chat.Domain.Push;

/// <summary>Which messages are new to somebody.</summary>
internal static class UnreadMessages
{
    /// <summary>
    /// Whoever wrote something has read what came before it; their mark says so later (ADR 0012). Of a chat that is muted only what is addressed to
    /// the receiver.
    /// </summary>
    public static List<ToldMessage> Of(ChatTarget receiver, ToldChat chat)
    {
        if (chat.WroteLater.Contains(receiver.Target.PrincipalId)) return [];
        long seen = receiver.SeenUpTo;
        foreach (ToldMessage message in chat.Messages)
            if (message.SenderId == receiver.Target.PrincipalId) seen = Math.Max(seen, message.Sequence);
        return [.. chat.Messages.Where(
            message => message.Sequence > seen && message.Sequence >= receiver.Since && !receiver.Hidden.Contains(message.Sequence)
                && (!receiver.IsMuted || receiver.IsAddressed(message)))];
    }
}
