using System.Text.Json.Serialization;

using Chat.Sdk.People;

namespace Chat.Sdk.Rest;

internal sealed record ProfileBody(string? Name, string? About, string? Avatar);

internal sealed record ContactBody(string? Name, bool Favourite);

internal sealed record ContactsAnswer(IReadOnlyList<Contact> Items, string? NextCursor);

internal sealed record BlocksAnswer(IReadOnlyList<BlockedPerson> Items, string? NextCursor);

internal sealed record DevicesAnswer(IReadOnlyList<SignedInDevice> Items, string? NextCursor);

internal sealed record PasswordBody(string CurrentPassword, string NewPassword);

/// <summary>The JSON of what a person keeps, generated: the library may be trimmed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(SnakeCaseConverter<Audience>)])]
[JsonSerializable(typeof(OwnProfile))]
[JsonSerializable(typeof(ProfileBody))]
[JsonSerializable(typeof(PrivacySettings))]
[JsonSerializable(typeof(Contact))]
[JsonSerializable(typeof(ContactBody))]
[JsonSerializable(typeof(ContactsAnswer))]
[JsonSerializable(typeof(BlocksAnswer))]
[JsonSerializable(typeof(DevicesAnswer))]
[JsonSerializable(typeof(PasswordBody))]
internal sealed partial class PeopleJson : JsonSerializerContext;
