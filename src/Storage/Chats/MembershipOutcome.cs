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

    /// <summary>The group is full.</summary>
    TooManyMembers,

    PrincipalNotFound,

    /// <summary>One of those who would come together has blocked the other.</summary>
    Blocked,

    /// <summary>Another channel has this public name.</summary>
    HandleTaken,

    /// <summary>There is no such invite link, or public name.</summary>
    InviteNotFound,

    /// <summary>
    /// The invite link was revoked, its time is over, it was used as often as it may be, or who made it may not let people in any more.
    /// </summary>
    InviteExpired,

    /// <summary>The chat has as many invite links that can be used as may be.</summary>
    TooManyInvites,

    /// <summary>An admin removed the person, who wants to come back by themself.</summary>
    Removed,

    /// <summary>It is no group and no channel, and so cannot be deleted for everyone.</summary>
    NotDeletable,
}

/// <param name="ChatId">Set for Done and AlreadyThere.</param>
public readonly record struct MembershipOutcome(MembershipStatus Status, long ChatId);
