namespace Chat.Storage.Chats;

public enum MembershipStatus : byte
{
    Done,

    /// <summary>Nothing to do: the direct chat existed, the name or the role was so already.</summary>
    AlreadyThere,

    /// <summary>No such chat, or the actor is not in it.</summary>
    ChatNotFound,

    /// <summary>The member acted upon is not in the chat.</summary>
    NotAMember,

    NotAllowed,
    AlreadyAMember,
    TooManyMembers,
    PrincipalNotFound,

    /// <summary>One of those who would come together has blocked the other.</summary>
    Blocked,
}

/// <param name="ChatId">Set for Done and AlreadyThere.</param>
public readonly record struct MembershipOutcome(MembershipStatus Status, long ChatId);
