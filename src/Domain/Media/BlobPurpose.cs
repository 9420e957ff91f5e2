namespace Chat.Domain.Media;

/// <summary>What a file is for. Numbers of <c>blobs.purpose</c>: append, never edit.</summary>
public enum BlobPurpose : short
{
    None = 0,

    /// <summary>A file of a chat, for its members.</summary>
    Media = 1,

    /// <summary>One's own picture; its owner's alone unless their profile refers to it, and then for those to whom it is shown.</summary>
    Avatar = 2,

    /// <summary>The picture of a group or channel, uploaded by who may change it, for its members, and who looks at the chat before joining.</summary>
    ChatAvatar = 3,

    /// <summary>The image or video of a status; its owner's alone until the status is posted.</summary>
    Status = 4,
}
