namespace Chat.Storage.People;

/// <summary>Numbers of the audience columns. On disk and in REST: append, never edit.</summary>
public static class Audiences
{
    public const short Everyone = 1;
    public const short Contacts = 2;
    public const short Nobody = 3;
}

/// <summary>What a person shows to whom. Audiences are numbers of <see cref="Audiences"/>.</summary>
public sealed record PrivacyRow(short LastSeen, short Photo, short About, bool ReadReceipts, short Calls);

/// <summary>What of it is to be changed; null leaves one as it is.</summary>
public sealed record PrivacyChange(short? LastSeen, short? Photo, short? About, bool? ReadReceipts, short? Calls = null);

/// <summary>Fields of a profile to be written; null leaves one as it is, an empty text clears it.</summary>
public sealed record ProfileChange(string? Name, string? About, string? Avatar);

/// <summary>Somebody whom a person keeps as a contact.</summary>
/// <param name="OwnName">The name that the keeper gave, if any; otherwise <paramref name="Name"/> is shown.</param>
/// <param name="StatusesMuted">The keeper keeps their statuses apart.</param>
/// <param name="About">Null when there is none or the keeper may not see it.</param>
/// <param name="Avatar">Likewise.</param>
/// <param name="IsBlocked">The keeper has blocked them.</param>
public sealed record ContactRow(
    long PrincipalId, string Name, string? OwnName, bool Favourite, bool StatusesMuted, long AddedAtMs, string? About, string? Avatar, bool IsBlocked);

public sealed record ContactPage(IReadOnlyList<ContactRow> Contacts, bool HasMore);

public sealed record BlockRow(long PrincipalId, string Name, long BlockedAtMs);

public sealed record BlockPage(IReadOnlyList<BlockRow> Blocks, bool HasMore);

public enum PeopleStatus : byte
{
    Done,

    /// <summary>It was so already.</summary>
    AlreadyThere,

    PrincipalNotFound,
    ContactNotFound,

    /// <summary>The person keeps as many contacts, or blocks as many people, as one may.</summary>
    TooMany,
}
