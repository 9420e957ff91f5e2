using Chat.Storage.People;

namespace Chat.Domain.People;

/// <summary>What a person shows to whom.</summary>
/// <param name="LastSeen">Who may know when the person is, or was, online.</param>
/// <param name="ProfilePhoto">Who sees the avatar.</param>
/// <param name="About">Who sees the text about the person.</param>
/// <param name="ReadReceipts">False: nobody learns what the person has read, nor do they of the other in a direct chat .</param>
/// <param name="Calls">Whose calls ring.</param>
public sealed record Privacy(Audience LastSeen, Audience ProfilePhoto, Audience About, bool ReadReceipts, Audience Calls = Audience.Everyone)
{
    internal static Privacy From(PrivacyRow row) =>
        new((Audience)row.LastSeen, (Audience)row.Photo, (Audience)row.About, row.ReadReceipts, (Audience)row.Calls);
}
