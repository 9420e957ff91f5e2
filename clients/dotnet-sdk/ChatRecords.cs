using Chat.Protocol.Codes;

namespace Chat.Sdk;

/// <summary>What the service said of a stored message.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Sequence">Its number there.</param>
/// <param name="CreatedAt">Time of the commit.</param>
public readonly record struct SentMessage(long ChatId, long Sequence, DateTimeOffset CreatedAt);

/// <summary>
/// How far an app has a chat completely: epoch and sequence of the last event that it processed. Kept by the app together with what it
/// did with the events, it survives a restart.
/// </summary>
/// <param name="ChatId">The chat.</param>
/// <param name="Epoch">The numbering.</param>
/// <param name="Sequence">The last sequence that the app was given.</param>
public readonly record struct ChatPosition(long ChatId, long Epoch, long Sequence);

/// <summary>One page of a chat's log.</summary>
/// <param name="Events">Ascending by sequence.</param>
/// <param name="Epoch">The numbering.</param>
/// <param name="HeadSequence">The newest sequence that may be seen.</param>
/// <param name="CoversFrom">Between this and <paramref name="CoversTo"/>, both included, the page has everything that may be seen.</param>
/// <param name="CoversTo">See <paramref name="CoversFrom"/>; an empty range ends one before it starts.</param>
/// <param name="HasMore">There is more in the direction asked for.</param>
public sealed record HistoryPage(
    IReadOnlyList<ChatLogEvent> Events, long Epoch, long HeadSequence, long CoversFrom, long CoversTo, bool HasMore);

/// <summary>A member of a chat.</summary>
/// <param name="PrincipalId">Who.</param>
/// <param name="Name">Their name.</param>
/// <param name="Role">Their role.</param>
/// <param name="DeliveredUpTo">What they have got.</param>
/// <param name="ReadUpTo">What they have read.</param>
/// <param name="JoinedAtSequence">They see nothing before it.</param>
public sealed record ChatMember(
    long PrincipalId, string Name, MemberRole Role, long DeliveredUpTo, long ReadUpTo, long JoinedAtSequence);

/// <summary>A person and their name.</summary>
/// <param name="PrincipalId">Who.</param>
/// <param name="Name">Their name.</param>
public sealed record Person(long PrincipalId, string Name);

/// <summary>Whether a principal is connected.</summary>
/// <param name="PrincipalId">Who.</param>
/// <param name="Online">Connected now.</param>
/// <param name="LastSeen">When they were last; null while online, or never.</param>
public sealed record PrincipalPresence(long PrincipalId, bool Online, DateTimeOffset? LastSeen);

/// <summary>Someone started or stopped typing.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="PrincipalId">Who.</param>
/// <param name="Active">Whether they type.</param>
public sealed record TypingChange(long ChatId, long PrincipalId, bool Active);

/// <summary>What a member has got and read, as two watermarks.</summary>
/// <param name="ChatId">The chat.</param>
/// <param name="PrincipalId">Who.</param>
/// <param name="DeliveredUpTo">Got up to here.</param>
/// <param name="ReadUpTo">Read up to here.</param>
public sealed record ReceiptChange(long ChatId, long PrincipalId, long DeliveredUpTo, long ReadUpTo);

/// <summary>One frame that passed, for <see cref="ChatClient.Dump"/>. No text and no token is kept.</summary>
/// <param name="At">When.</param>
/// <param name="IsInbound">From the server.</param>
/// <param name="Type">The frame's type.</param>
/// <param name="RequestId">0 in a push.</param>
/// <param name="Bytes">Size on the wire.</param>
public readonly record struct TracedFrame(DateTimeOffset At, bool IsInbound, FrameType Type, uint RequestId, int Bytes);
