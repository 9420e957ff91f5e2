using System.Text.Json.Nodes;
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
using Chat.AdminApi.Rest.Scheduled;
using Chat.AdminApi.Rest.Statuses;

namespace Chat.AdminApi.OpenApi;

/// <summary>One example a body, and of an answer where it says more than its members do. A test reads each back as its type.</summary>
internal static class Examples
{
    private static readonly Dictionary<Type, string> Texts = new()
    {
        [typeof(RegisterBody)] =
            """{"name":"Ada Lovelace","email":"ada@example.com","password":"correct horse battery","deviceName":"Firefox"}""",
        [typeof(LoginBody)] = """{"login":"ada@example.com","password":"correct horse battery","deviceName":"Firefox"}""",
        [typeof(RefreshBody)] = """{"refreshToken":"3q2-7wAB…"}""",
        [typeof(ProfileBody)] = """{"name":"Ada King","about":"Counting"}""",
        [typeof(PasswordBody)] = """{"currentPassword":"correct horse battery","newPassword":"battery horse correct"}""",
        [typeof(ForgotBody)] = """{"login":"ada@example.com"}""",
        [typeof(ResetBody)] = """{"login":"ada@example.com","code":"1234 5678","newPassword":"battery horse correct"}""",
        [typeof(VerificationBody)] = """{"channel":"email"}""",
        [typeof(ConfirmationBody)] = """{"channel":"email","code":"1234 5678"}""",
        [typeof(TwoStepBeginBody)] = """{"password":"correct horse battery"}""",
        [typeof(TwoStepConfirmBody)] = """{"code":"287082"}""",
        [typeof(TwoStepProofBody)] = """{"password":"correct horse battery","code":"287082"}""",
        [typeof(NewPasskeyBody)] =
            """
            {
              "ceremony":"q1ZKzs8rS0…","name":"My phone",
              "credential":{
                "id":"5GgI3lwKVtXbDwYDzKEP8Q","rawId":"5GgI3lwKVtXbDwYDzKEP8Q","type":"public-key","clientExtensionResults":{},
                "response":{"clientDataJSON":"eyJ0eXBlIjoi…","attestationObject":"o2NmbXRk…","transports":["internal"]}
              }
            }
            """,
        [typeof(PasskeyNameBody)] = """{"name":"My old phone"}""",
        [typeof(PasskeySignInBody)] =
            """
            {
              "ceremony":"q1ZKzs8rS0…","deviceName":"Firefox",
              "credential":{
                "id":"5GgI3lwKVtXbDwYDzKEP8Q","rawId":"5GgI3lwKVtXbDwYDzKEP8Q","type":"public-key","clientExtensionResults":{},
                "response":{"clientDataJSON":"eyJ0eXBlIjoi…","authenticatorData":"SZYN5YgO…","signature":"MEUCIQ…","userHandle":"NDI"}
              }
            }
            """,
        [typeof(PasskeyCeremonyResource)] =
            """
            {
              "ceremony":"q1ZKzs8rS0…",
              "options":{"challenge":"3q2-7wAB…","timeout":300000,"rpId":"chat.example.org","allowCredentials":[],"userVerification":"required"}
            }
            """,
        [typeof(PrivacyBody)] = """{"lastSeen":"contacts","readReceipts":false}""",
        [typeof(ContactBody)] = """{"name":"Ada from work","favourite":true}""",
        [typeof(OpenChatBody)] = """{"principalId":42}""",
        [typeof(ChatNameBody)] = """{"name":"Engine room"}""",
        [typeof(ChatBody)] = """{"description":"Ships and cranes","theme":"sand","permissions":{"send":"admin"}}""",
        [typeof(MuteBody)] = """{"until":"2030-01-01T00:00:00Z"}""",
        [typeof(ThemeBody)] = """{"theme":"night-sea"}""",
        [typeof(ClearBody)] = """{"upTo":8}""",
        [typeof(DraftBody)] = """{"text":"Dear all,","replyTo":7}""",
        [typeof(NewChannelBody)] = """{"name":"Harbour news","description":"Ships and cranes","handle":"harbour_news"}""",
        [typeof(NewInviteBody)] = """{"expiresAt":"2030-01-01T00:00:00Z","maxUses":50}""",
        [typeof(NewGroupBody)] = """{"name":"Engine room","memberIds":[42,43]}""",
        [typeof(NewMembersBody)] = """{"memberIds":[44]}""",
        [typeof(RoleBody)] = """{"role":"admin"}""",
        [typeof(NewMessageBody)] = """{"clientMessageId":"5b1f0c1e-8f57-4f0e-9a53-0f6a4b1f3c77","text":"Hello","replyTo":7}""",
        [typeof(EditBody)] = """{"clientMessageId":"0e8a9f1b-52f6-4c0f-a6d1-2f6a3b1f3c78","text":"Hello, all"}""",
        [typeof(ReactionBody)] = """{"clientMessageId":"9c2b7d3e-1a44-4b7e-8d5f-7e6a4b1f3c79","emoji":"👍"}""",
        [typeof(UpToBody)] = """{"upTo":8}""",
        [typeof(MessageReceiptsResource)] =
            """
            {
              "items":[
                {"principalId":42,"delivered":true,"read":true,"deliveredAt":"2030-01-01T09:00:00Z","readAt":"2030-01-01T09:04:00Z"},
                {"principalId":43,"delivered":true,"read":false,"deliveredAt":"2030-01-01T09:01:00Z","readAt":null}
              ],
              "delivered":2,"read":1,"members":3,"nextCursor":"43"
            }
            """,
        [typeof(TypingBody)] = """{"active":true}""",
        [typeof(LinkPreviewBody)] = """{"url":"https://example.org/harbour","chatId":7}""",
        [typeof(PushBody)] =
            """
            {
              "transport":"web",
              "endpoint":"https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
              "p256dh":"BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
              "auth":"BTBZMqHH6r4Tts7J_aSIgg",
              "content":"sender"
            }
            """,
        [typeof(NewScheduledBody)] =
            """
            {"clientMessageId":"5b1f0c1e-8f57-4f0e-9a53-0f6a4b1f3c82","dueAt":"2030-01-01T00:00:00Z","message":{"text":"Happy new year","replyTo":7}}
            """,
        [typeof(ScheduledChangeBody)] = """{"dueAt":"2030-01-01T00:00:30Z","version":1}""",
        [typeof(NoticeResource)] =
            """
            {
              "id":"reply-7-9","kind":"reply","at":"2030-01-01T09:00:00Z","read":false,"actorId":42,"chatId":7,"chatName":"Engine room","sequence":9,
              "text":"Aye, full ahead"
            }
            """,
        [typeof(NoticesReadBody)] = """{"upTo":"2030-01-01T09:00:00Z"}""",
        [typeof(NewStatusBody)] =
            """{"clientStatusId":"5b1f0c1e-8f57-4f0e-9a53-0f6a4b1f3c80","kind":"text","text":"At sea","background":"#1F6F54","font":"serif"}""",
        [typeof(StatusPrivacyBody)] = """{"audience":"contacts_except","people":[44]}""",
        [typeof(NewUploadBody)] = """{"purpose":"media","chatId":7,"fileName":"holiday.mp4","bytes":73400320}""",
        [typeof(NewCallBody)] = """{"chatId":7,"kind":"video","endpointId":"2d1f6a4b-8f57-4f0e-9a53-0f6a4b1f3c80"}""",
        [typeof(AnswerBody)] = """{"endpointId":"6c0fa6d1-52f6-4c0f-a6d1-2f6a3b1f3c81"}""",
        [typeof(Problem)] =
            """
            {"type":"/docs/errors#chat_not_found","title":"There is no such chat for you","status":404,
             "detail":"There is no chat 7 for you: check chatId, or list your chats.","code":200,"name":"chat_not_found",
             "retryable":false,"field":"chatId","requestId":"0HNG5V0B8K3JQ:00000001"}
            """,
    };

    public static IEnumerable<Type> Types => Texts.Keys;

    public static JsonNode? Of(Type type) => Texts.TryGetValue(type, out string? text) ? JsonNode.Parse(text) : null;
}
