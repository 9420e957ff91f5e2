using Chat.Protocol.Frames.Elements;
using Chat.Protocol.Frames.Replies;
using Chat.Protocol.Framing;
using Chat.Server.Diagnostics;
using Chat.Server.Sessions;
using Chat.Storage.Accounts;
using SessionOptions = Chat.Server.Sessions.SessionOptions;

namespace Chat.Server.Dispatch;

/// <summary>Compares a client's positions with the logs, and writes the welcome (protocol-spec.md §8.3, promise P7).</summary>
internal sealed class ResumeReader(SessionStore store, SessionOptions options, TimeProvider time)
{
    private static readonly WireLimits Limits = new(
        ProtocolLimits.MaxClientFrameBytes,
        ProtocolLimits.MaxTextBytes,
        ProtocolLimits.MaxHistoryLimit,
        ProtocolLimits.MaxPositions,
        ProtocolLimits.MaxWatched);

    /// <summary>One entry for each position that is behind or void; nothing for those that are up to date.</summary>
    /// <param name="heads">Heads as the fan-out knows them: at least the seed's.</param>
    public async ValueTask<IReadOnlyList<WireResumed>> JudgeAsync(
        long principalId, IReadOnlyList<WirePosition> positions, SessionSeed seed, Dictionary<long, long> heads)
    {
        if (positions.Count == 0) return [];
        Dictionary<long, PositionHead> known = new(seed.Memberships.Count);
        foreach (SessionMembership membership in seed.Memberships)
        {
            long head = heads.GetValueOrDefault(membership.ChatId, membership.HeadSequence);
#if PLANTED_BUGS
            if (PlantedBug.Is("heads-before-subscribe")) head = membership.HeadSequence;
#endif
            known[membership.ChatId] = new PositionHead(membership.ChatId, membership.Epoch, head, true);
        }

        long[] others = [.. positions.Select(position => position.ChatId).Where(chatId => !known.ContainsKey(chatId)).Distinct()];
        if (others.Length > 0)
        {
            foreach (PositionHead head in await store.ReadHeadsAsync(principalId, others, CancellationToken.None)) known[head.ChatId] = head;
        }

        List<WireResumed> resumed = [];
        foreach (WirePosition position in positions)
        {
            if (!known.TryGetValue(position.ChatId, out PositionHead head))
            {
                resumed.Add(new WireResumed(position.ChatId, 0, 0, false));
                continue;
            }

            // For a chat one has left, positions above one's last visible sequence are void too: they were never pushed.
            bool recovered = position.Epoch == head.Epoch && position.Sequence <= head.VisibleHead;
            if (!recovered || head.VisibleHead > position.Sequence)
                resumed.Add(new WireResumed(position.ChatId, head.Epoch, head.VisibleHead, recovered));
        }

        return resumed;
    }

    public WelcomeReply Welcome(Session session, SessionSeed seed, IReadOnlyList<WireResumed> resumed) => new(
        ProtocolLimits.ProtocolVersion,
        session.SessionId,
        session.PrincipalId,
        seed.Name,
        seed.InboxChatId,
        time.GetUtcNow().ToUnixTimeMilliseconds(),
        session.TokenExpiresAt.ToUnixTimeMilliseconds(),
        (int)options.PingInterval.TotalMilliseconds,
        Limits,
        resumed,
        ServerVersion.Name);
}
