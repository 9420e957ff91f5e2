namespace Chat.Sdk.People;

/// <summary>To whom a person shows something.</summary>
public enum Audience
{
    /// <summary>Everyone.</summary>
    Everyone = 1,

    /// <summary>Those whom the person keeps as contacts.</summary>
    Contacts = 2,

    /// <summary>Nobody.</summary>
    Nobody = 3,
}

/// <summary>One's own profile.</summary>
/// <param name="PrincipalId">The person's id.</param>
/// <param name="Name">The name as others see it.</param>
/// <param name="Email">E-mail address, if there is one.</param>
/// <param name="Phone">Phone number, if there is one.</param>
/// <param name="About">What one says of oneself, if there is something.</param>
/// <param name="Avatar">A reference to a picture, if there is one.</param>
/// <param name="EmailVerified">Whether the e-mail address was proved to be one's own.</param>
/// <param name="PhoneVerified">Whether the phone number was.</param>
public sealed record OwnProfile(
    long PrincipalId, string Name, string? Email, string? Phone, string? About, string? Avatar, bool EmailVerified = false, bool PhoneVerified = false);

/// <summary>What one shows to whom; for a change, null leaves a field as it is.</summary>
/// <param name="LastSeen">Who may know when one is, or was, online.</param>
/// <param name="ProfilePhoto">Who sees one's picture.</param>
/// <param name="About">Who sees the text about one.</param>
/// <param name="ReadReceipts">False: nobody learns what one has read; in a direct chat neither of the two does.</param>
/// <param name="Calls">Whose calls ring.</param>
public sealed record PrivacySettings(
    Audience? LastSeen = null, Audience? ProfilePhoto = null, Audience? About = null, bool? ReadReceipts = null, Audience? Calls = null);

/// <summary>Somebody whom one keeps as a contact.</summary>
/// <param name="PrincipalId">The person's id.</param>
/// <param name="Name">The name the person gave themselves.</param>
/// <param name="OwnName">The name under which one keeps them, if there is one.</param>
/// <param name="Favourite">Whether they are a favourite.</param>
/// <param name="Blocked">Whether one has blocked them.</param>
/// <param name="About">What the person says of themselves, if there is something and one may see it.</param>
/// <param name="Avatar">A reference to the person's picture; likewise.</param>
/// <param name="AddedAt">Since when.</param>
public sealed record Contact(
    long PrincipalId, string Name, string? OwnName, bool Favourite, bool Blocked, string? About, string? Avatar, DateTimeOffset AddedAt)
{
    /// <summary>One has muted their statuses.</summary>
    public bool StatusesMuted { get; init; }
}

/// <summary>Somebody whom one has blocked.</summary>
/// <param name="PrincipalId">The person's id.</param>
/// <param name="Name">The person's name.</param>
/// <param name="BlockedAt">Since when.</param>
public sealed record BlockedPerson(long PrincipalId, string Name, DateTimeOffset BlockedAt);

/// <summary>A device on which one is signed in.</summary>
/// <param name="DeviceId">The device's id.</param>
/// <param name="Name">What it was called at its sign-in.</param>
/// <param name="Current">Whether it is the one that asks.</param>
/// <param name="CreatedAt">When it was signed in.</param>
/// <param name="LastUsedAt">When it last got tokens, which it does every hour while it is used.</param>
public sealed record SignedInDevice(long DeviceId, string Name, bool Current, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt);

/// <summary>What of one's people changed, here or on another device.</summary>
public enum PeopleChangeKind
{
    /// <summary>A contact came, went or is kept otherwise.</summary>
    Contact,

    /// <summary>A block was made or taken back.</summary>
    Block,

    /// <summary>One's own profile or privacy.</summary>
    Profile,
}

/// <summary>What of one's people changed; what it is now is asked for.</summary>
/// <param name="Kind">What.</param>
/// <param name="PrincipalId">Of whom; null for one's own profile.</param>
public sealed record PeopleChange(PeopleChangeKind Kind, long? PrincipalId);
