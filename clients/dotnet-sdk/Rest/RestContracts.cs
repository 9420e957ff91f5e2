using System.Text.Json.Serialization;

namespace Chat.Sdk.Rest;

internal sealed record RegisterBody(string Name, string? Email, string? Phone, string Password, string? DeviceName);

internal sealed record LoginBody(string Login, string Password, string? Code, string? DeviceName);

internal sealed record ForgotBody(string Login);

internal sealed record ResetBody(string Login, string Code, string NewPassword);

internal sealed record RefreshBody(string RefreshToken);

internal sealed record SignedInAnswer(SignedInTokens Data);

internal sealed record SignedInTokens(
    SignedInUser User, string Token, DateTimeOffset ExpiresAt, string RefreshToken, DateTimeOffset RefreshExpiresAt, long DeviceId);

internal sealed record SignedInUser(long PrincipalId, string Name);

internal sealed record PersonAnswer(long PrincipalId, string Name);

internal sealed record NewGroupBody(string Name, IReadOnlyList<long> MemberIds);

internal sealed record NameBody(string Name);

internal sealed record MembersBody(IReadOnlyList<long> MemberIds);

internal sealed record RoleBody(string Role);

internal sealed record ChatAnswer(long ChatId);

internal sealed record ReactionsAnswer(IReadOnlyList<Reaction> Items, string? NextCursor);

internal sealed record PinnedAnswer(IReadOnlyList<SequenceAnswer> Items);

internal sealed record SequenceAnswer(long Sequence);

internal sealed record NewUploadBody(FilePurpose Purpose, long? ChatId, string FileName, long Bytes);

internal sealed record UploadAnswer(string BlobId, long Offset, long Bytes, int MinPartBytes, int MaxPartBytes);

internal sealed record FileLinkAnswer(string Url, DateTimeOffset UrlExpiresAt, UploadedFile File);

internal sealed record ProblemAnswer(int Code, string? Name, string? Detail, bool Retryable, long? RetryAfterMs);

/// <summary>The JSON of the REST interface, generated: the library may be trimmed.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RegisterBody))]
[JsonSerializable(typeof(LoginBody))]
[JsonSerializable(typeof(ForgotBody))]
[JsonSerializable(typeof(ResetBody))]
[JsonSerializable(typeof(RefreshBody))]
[JsonSerializable(typeof(SignedInAnswer))]
[JsonSerializable(typeof(PersonAnswer))]
[JsonSerializable(typeof(NewGroupBody))]
[JsonSerializable(typeof(NameBody))]
[JsonSerializable(typeof(MembersBody))]
[JsonSerializable(typeof(RoleBody))]
[JsonSerializable(typeof(ChatAnswer))]
[JsonSerializable(typeof(ReactionsAnswer))]
[JsonSerializable(typeof(PinnedAnswer))]
[JsonSerializable(typeof(StarredPage))]
[JsonSerializable(typeof(MentionPage))]
[JsonSerializable(typeof(NewUploadBody))]
[JsonSerializable(typeof(UploadAnswer))]
[JsonSerializable(typeof(UploadedFile))]
[JsonSerializable(typeof(FileLinkAnswer))]
[JsonSerializable(typeof(ProblemAnswer))]
[JsonSerializable(typeof(StoredSignIn))]
internal sealed partial class RestJson : JsonSerializerContext;
