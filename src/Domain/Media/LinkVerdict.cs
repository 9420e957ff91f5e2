namespace Chat.Domain.Media;

/// <summary>What <see cref="DownloadLinks.Verify"/> says of a link.</summary>
public enum LinkVerdict : byte
{
    Valid,

    /// <summary>It was made here, and its time is over: ask for a new one.</summary>
    Expired,

    /// <summary>It was not made here, is of another blob or was altered.</summary>
    Forged,
}
