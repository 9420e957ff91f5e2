namespace Chat.Storage.Accounts;

public readonly record struct SessionKey(long PrincipalId, long DeviceId);

/// <summary>One current membership of a principal, as a session needs it at hello.</summary>
public readonly record struct SessionMembership(long ChatId, short Kind, long Epoch, long HeadSequence, long JoinedAtSequence);

/// <summary>What a new session starts from: the name, the inbox, and all current memberships, the inbox included.</summary>
public sealed record SessionSeed(string Name, long InboxChatId, IReadOnlyList<SessionMembership> Memberships);

/// <param name="VisibleHead">The chat's head for a member; the last sequence that one who left may see.</param>
public readonly record struct PositionHead(long ChatId, long Epoch, long VisibleHead, bool IsMember);
