using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using Chat.AdminApi.Health;
using Chat.AdminApi.Problems;
using Chat.AdminApi.Rest.Auth;
using Chat.AdminApi.Rest.Calls;
using Chat.AdminApi.Rest.Chats;
using Chat.AdminApi.Rest.Groups;
using Chat.AdminApi.Rest.Links;
using Chat.AdminApi.Rest.Media;
using Chat.AdminApi.Rest.Messages;
using Chat.AdminApi.Rest.Notices;
using Chat.AdminApi.Rest.People;
using Chat.AdminApi.Rest.Push;
using Chat.AdminApi.Rest.Realtime;
using Chat.AdminApi.Rest.Scheduled;
using Chat.AdminApi.Rest.Statuses;
using Chat.Domain.Calls;
using Chat.Domain.Media;
using Chat.Domain.People;
using Chat.Domain.Push;
using Chat.Domain.Scheduled;
using Chat.Domain.Statuses;
using Chat.Protocol.Codes;
using Chat.Storage.Notices;

namespace Chat.AdminApi.Rest;

/// <summary>The JSON of the interface: generated, camelCase, and strict about what comes in.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Strict, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(ReadyAnswer))]
[JsonSerializable(typeof(LiveAnswer))]
[JsonSerializable(typeof(VersionAnswer))]
[JsonSerializable(typeof(RegisterBody))]
[JsonSerializable(typeof(LoginBody))]
[JsonSerializable(typeof(RefreshBody))]
[JsonSerializable(typeof(ProfileBody))]
[JsonSerializable(typeof(SignedInAnswer))]
[JsonSerializable(typeof(ProfileResource))]
[JsonSerializable(typeof(OpenChatBody))]
[JsonSerializable(typeof(ChatNameBody))]
[JsonSerializable(typeof(ChatResource))]
[JsonSerializable(typeof(Page<ChatResource>))]
[JsonSerializable(typeof(Page<MemberResource>))]
[JsonSerializable(typeof(NewGroupBody))]
[JsonSerializable(typeof(NewMembersBody))]
[JsonSerializable(typeof(RoleBody))]
[JsonSerializable(typeof(NewMessageBody))]
[JsonSerializable(typeof(UpToBody))]
[JsonSerializable(typeof(TypingBody))]
[JsonSerializable(typeof(SentResource))]
[JsonSerializable(typeof(EventPage))]
[JsonSerializable(typeof(EditBody))]
[JsonSerializable(typeof(ReactionBody))]
[JsonSerializable(typeof(Page<ReactionResource>))]
[JsonSerializable(typeof(MessageReceiptsResource))]
[JsonSerializable(typeof(Page<EventResource>))]
[JsonSerializable(typeof(PersonResource))]
[JsonSerializable(typeof(PasswordBody))]
[JsonSerializable(typeof(ForgotBody))]
[JsonSerializable(typeof(ResetBody))]
[JsonSerializable(typeof(VerificationBody))]
[JsonSerializable(typeof(ConfirmationBody))]
[JsonSerializable(typeof(CodeSentResource))]
[JsonSerializable(typeof(TwoStepBeginBody))]
[JsonSerializable(typeof(TwoStepConfirmBody))]
[JsonSerializable(typeof(TwoStepProofBody))]
[JsonSerializable(typeof(TwoStepResource))]
[JsonSerializable(typeof(TwoStepSecretResource))]
[JsonSerializable(typeof(RecoveryCodesResource))]
[JsonSerializable(typeof(NewPasskeyBody))]
[JsonSerializable(typeof(PasskeyNameBody))]
[JsonSerializable(typeof(PasskeySignInBody))]
[JsonSerializable(typeof(PasskeyCeremonyResource))]
[JsonSerializable(typeof(PasskeyResource))]
[JsonSerializable(typeof(Page<PasskeyResource>))]
[JsonSerializable(typeof(Page<DeviceResource>))]
[JsonSerializable(typeof(PrivacyBody))]
[JsonSerializable(typeof(PrivacyResource))]
[JsonSerializable(typeof(ContactBody))]
[JsonSerializable(typeof(ContactResource))]
[JsonSerializable(typeof(Page<ContactResource>))]
[JsonSerializable(typeof(Page<BlockResource>))]
[JsonSerializable(typeof(FileResource))]
[JsonSerializable(typeof(NewUploadBody))]
[JsonSerializable(typeof(UploadResource))]
[JsonSerializable(typeof(FileLinkResource))]
[JsonSerializable(typeof(LinkPreviewBody))]
[JsonSerializable(typeof(LinkResource))]
[JsonSerializable(typeof(PushBody))]
[JsonSerializable(typeof(PushResource))]
[JsonSerializable(typeof(PushSubscriptionResource))]
[JsonSerializable(typeof(NewScheduledBody))]
[JsonSerializable(typeof(ScheduledChangeBody))]
[JsonSerializable(typeof(ScheduledResource))]
[JsonSerializable(typeof(Page<ScheduledResource>))]
[JsonSerializable(typeof(Page<NoticeResource>))]
[JsonSerializable(typeof(UnreadNoticesResource))]
[JsonSerializable(typeof(NoticesReadBody))]
[JsonSerializable(typeof(NewStatusBody))]
[JsonSerializable(typeof(StatusResource))]
[JsonSerializable(typeof(Page<StatusResource>))]
[JsonSerializable(typeof(Page<StatusAuthorResource>))]
[JsonSerializable(typeof(StatusViewersResource))]
[JsonSerializable(typeof(StatusPrivacyBody))]
[JsonSerializable(typeof(StatusPrivacyResource))]
[JsonSerializable(typeof(RealtimeAddress))]
[JsonSerializable(typeof(NewCallBody))]
[JsonSerializable(typeof(AnswerBody))]
[JsonSerializable(typeof(CallResource))]
[JsonSerializable(typeof(Page<CallResource>))]
[JsonSerializable(typeof(CallStatisticsResource))]
[JsonSerializable(typeof(IceServersResource))]
internal sealed partial class RestJson : JsonSerializerContext
{
    /// <summary>Nesting that a body may have, as in the binary protocol; the deepest of ours has four levels.</summary>
    private const int MaxDepth = 16;

    public static void Configure(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, Default);
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.PropertyNameCaseInsensitive = false;
        options.AllowDuplicateProperties = false;
        options.AllowTrailingCommas = false;
        options.ReadCommentHandling = JsonCommentHandling.Disallow;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.RespectNullableAnnotations = true;
        options.MaxDepth = MaxDepth;
        options.Encoder = JavaScriptEncoder.Create(UnicodeRanges.All); // letters of every script stay readable; < > & ' are escaped
        options.Converters.Add(Named<ChatKind>());
        options.Converters.Add(Named<EventKind>());
        options.Converters.Add(Named<MemberRole>());
        options.Converters.Add(Named<ContentKind>());
        options.Converters.Add(Named<MarkKind>());
        options.Converters.Add(Named<Audience>());
        options.Converters.Add(Named<BlobPurpose>());
        options.Converters.Add(Named<PushTransport>());
        options.Converters.Add(Named<PushContent>());
        options.Converters.Add(Named<ScheduledState>());
        options.Converters.Add(Named<NoticeKind>());
        options.Converters.Add(Named<StatusAudience>());
        options.Converters.Add(Named<StatusFont>());
        options.Converters.Add(Named<CallKind>());
        options.Converters.Add(Named<CallState>());
        options.Converters.Add(Named<CallEnding>());
        options.Converters.Add(Named<CallPart>());
    }

    private static JsonStringEnumConverter<TEnum> Named<TEnum>() where TEnum : struct, Enum =>
        new(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false);
}
