using System.Globalization;
using Chat.Domain.Accounts;
using Chat.Domain.People;
using Chat.Storage.People;

namespace Chat.AdminApi.Rest.People;

/// <summary>A person that was found.</summary>
internal sealed record PersonResource
{
    /// <summary>The person's id.</summary>
    public required long PrincipalId { get; init; }

    /// <summary>The person's name.</summary>
    public required string Name { get; init; }

    /// <summary>What the person says of themselves, if there is something and the caller may see it.</summary>
    public string? About { get; init; }

    /// <summary>A reference to the person's picture; likewise.</summary>
    public string? Avatar { get; init; }

    public static PersonResource From(PersonFound found) =>
        new() { PrincipalId = found.PrincipalId, Name = found.Name, About = found.About, Avatar = found.Avatar };
}

/// <summary>What of the privacy is to be changed; what is left out stays.</summary>
internal sealed record PrivacyBody
{
    /// <summary>Who may know when one is, or was, online.</summary>
    public Audience? LastSeen { get; init; }

    /// <summary>Who sees one's picture.</summary>
    public Audience? ProfilePhoto { get; init; }

    /// <summary>Who sees the text about one.</summary>
    public Audience? About { get; init; }

    /// <summary>False: nobody learns what one has read; in a direct chat neither of the two does.</summary>
    public bool? ReadReceipts { get; init; }

    /// <summary>Whose calls ring.</summary>
    public Audience? Calls { get; init; }
}

/// <summary>What one shows to whom.</summary>
internal sealed record PrivacyResource
{
    /// <summary>Who may know when one is, or was, online.</summary>
    public required Audience LastSeen { get; init; }

    /// <summary>Who sees one's picture.</summary>
    public required Audience ProfilePhoto { get; init; }

    /// <summary>Who sees the text about one.</summary>
    public required Audience About { get; init; }

    /// <summary>Whether others learn what one has read.</summary>
    public required bool ReadReceipts { get; init; }

    /// <summary>Whose calls ring.</summary>
    public required Audience Calls { get; init; }

    public static PrivacyResource From(Privacy privacy) => new()
    {
        LastSeen = privacy.LastSeen,
        ProfilePhoto = privacy.ProfilePhoto,
        About = privacy.About,
        ReadReceipts = privacy.ReadReceipts,
        Calls = privacy.Calls,
    };
}

/// <summary>How somebody is kept as a contact.</summary>
internal sealed record ContactBody
{
    /// <summary>The name under which one keeps them, 1 to 255 characters; none: their own name.</summary>
    public string? Name { get; init; }

    /// <summary>Whether they are a favourite.</summary>
    public bool Favourite { get; init; }
}

/// <summary>Somebody whom one keeps as a contact.</summary>
internal sealed record ContactResource
{
    /// <summary>The person's id.</summary>
    public required long PrincipalId { get; init; }

    /// <summary>The name the person gave themselves.</summary>
    public required string Name { get; init; }

    /// <summary>The name under which one keeps them, if there is one.</summary>
    public string? OwnName { get; init; }

    /// <summary>Whether they are a favourite.</summary>
    public required bool Favourite { get; init; }

    /// <summary>Whether one has muted their statuses.</summary>
    public required bool StatusesMuted { get; init; }

    /// <summary>Whether one has blocked them.</summary>
    public required bool Blocked { get; init; }

    /// <summary>What the person says of themselves, if there is something and one may see it.</summary>
    public string? About { get; init; }

    /// <summary>A reference to the person's picture; likewise.</summary>
    public string? Avatar { get; init; }

    /// <summary>Since when they are a contact.</summary>
    public required DateTimeOffset AddedAt { get; init; }

    public static ContactResource From(ContactRow row) => new()
    {
        PrincipalId = row.PrincipalId,
        Name = row.Name,
        OwnName = row.OwnName,
        Favourite = row.Favourite,
        StatusesMuted = row.StatusesMuted,
        Blocked = row.IsBlocked,
        About = row.About,
        Avatar = row.Avatar,
        AddedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.AddedAtMs),
    };

    public static Page<ContactResource> From(ContactPage page) => new()
    {
        Items = [.. page.Contacts.Select(From)],
        NextCursor = page.HasMore ? page.Contacts[^1].PrincipalId.ToString(CultureInfo.InvariantCulture) : null,
    };
}

/// <summary>Somebody whom one has blocked.</summary>
internal sealed record BlockResource
{
    /// <summary>The person's id.</summary>
    public required long PrincipalId { get; init; }

    /// <summary>The person's name.</summary>
    public required string Name { get; init; }

    /// <summary>Since when.</summary>
    public required DateTimeOffset BlockedAt { get; init; }

    public static Page<BlockResource> From(BlockPage page) => new()
    {
        Items =
        [
            .. page.Blocks.Select(row => new BlockResource
            {
                PrincipalId = row.PrincipalId,
                Name = row.Name,
                BlockedAt = DateTimeOffset.FromUnixTimeMilliseconds(row.BlockedAtMs),
            }),
        ],
        NextCursor = page.HasMore ? page.Blocks[^1].PrincipalId.ToString(CultureInfo.InvariantCulture) : null,
    };
}
