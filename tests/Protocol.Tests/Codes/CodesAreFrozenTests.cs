using Chat.Protocol.Codes;
using Chat.Protocol.Tests.Support;

namespace Chat.Protocol.Tests.Codes;

/// <summary>Every number that reaches wire or disk. A failure here means: append, never edit.</summary>
[TestFixture, Parallelizable(ParallelScope.All)]
public sealed class CodesAreFrozenTests
{
    private const string Rule = "Numbers are frozen: append, never edit, never use again.";

    private static readonly Dictionary<Type, string> Frozen = new()
    {
        [typeof(FrameType)] =
            "None=0 Hello=1 Authenticate=2 Ping=3 SendMessage=4 GetHistory=5 GetChats=6 GetChat=7 GetMembers=8 GetPrincipals=9 "
            + "OpenDirect=10 MarkDelivered=11 MarkRead=12 SetTyping=13 WatchPresence=14 EditMessage=15 DeleteMessage=16 React=17 SignalCall=18 KeepCall=19 Welcome=40 Ok=41 Sent=42 History=43 Chats=44 "
            + "Chat=45 Members=46 Principals=47 Presences=48 Error=49 Event=80 Receipts=81 Typing=82 Presence=83 Gap=84 "
            + "TokenExpiring=85 Goodbye=86 CallSignal=87",
        [typeof(ErrorCode)] =
            "None=0 InvalidArgument=100 TextEmpty=101 TextTooLong=102 TextHasNul=103 ReplyTargetNotFound=104 ChatNotFound=200 "
            + "NotAMember=201 ClientMessageIdReused=202 NotAllowed=203 AlreadyAMember=204 TooManyMembers=205 PrincipalNotFound=206 "
            + "MessageNotFound=207 TooLate=208 MessageDeleted=209 "
            + "Blocked=210 ContactNotFound=211 InviteNotFound=214 InviteExpired=215 TooManyPins=216 StatusNotFound=217 TooManyStatuses=218 ChatDeleted=219 "
            + "BlobNotFound=220 BlobTooLarge=221 ContentNotAllowed=222 UploadOffsetMismatch=223 QuotaExceeded=224 LinkExpired=225 "
            + "CallNotFound=226 CallEnded=227 AnsweredElsewhere=228 InAnotherCall=229 "
            + "ScheduleTimeInvalid=230 TooManyScheduled=231 NotChangeable=232 PushTransportOff=233 PushKeysInvalid=234 PushEndpointInvalid=235 "
            + "PreviewUnavailable=236 UrlRefused=237 LinkTokenInvalid=238 NotSender=239 NoReceipts=240 NotDeletable=241 "
            + "SignInRequired=300 SignInFailed=301 AccountExists=302 RefreshTokenInvalid=303 TokenInvalid=304 "
            + "SecondFactorRequired=305 CodeInvalid=306 NotConfigured=307 AccountBlocked=308 "
            + "PasskeyRefused=309 PasskeyCeremonyOver=310 PasskeyOriginRefused=311 PasskeyNotFound=312 NoPassword=313 Busy=400 RateLimited=401 "
            + "Unavailable=402 Internal=500",
        [typeof(DisconnectCode)] =
            "None=0 Normal=1000 GoingAway=1001 ProtocolError=1002 UnsupportedData=1003 NoStatus=1005 Abnormal=1006 InvalidPayload=1007 "
            + "PolicyViolation=1008 MessageTooBig=1009 UnexpectedCondition=1011 ServiceRestart=1012 Draining=4000 SlowConsumer=4001 "
            + "IdleTimeout=4002 Overloaded=4003 InternalError=4004 HelloTimeout=4005 StorageUnavailable=4006 TokenExpired=4400 "
            + "TokenInvalid=4401 SessionRevoked=4402 MalformedFrame=4500 UnknownFrameType=4501 WrongState=4502 FrameTooLarge=4503 "
            + "UnsupportedVersion=4504 InvalidRequestId=4505",
        [typeof(DisconnectVerdict)] = "ComeBack=0 ComeBackWithNewToken=1 Stop=2",
        [typeof(ChatKind)] = "None=0 Direct=1 Group=2 Channel=3 Support=4 Inbox=5",
        [typeof(EventKind)] =
            "None=0 Message=1 ChatCreated=2 MemberAdded=3 MemberRemoved=4 MemberLeft=5 Renamed=6 RoleChanged=7 ChatAdded=8 ChatRemoved=9 "
            + "Edited=10 Deleted=11 Reaction=12 Pinned=13 Unpinned=14 ChatInfoChanged=15 ReaderRemoved=16 "
            + "ContactChanged=30 BlockChanged=31 ProfileChanged=32 Starred=33 Unstarred=34 Hidden=35 "
            + "ChatSettingsChanged=36 DraftChanged=37 HistoryCleared=38 StatusesChanged=39 StatusViewed=40 CallRinging=41 CallChanged=42 CallEnded=43 Call=44 "
            + "ScheduledChanged=45 ChatDeleted=46 NoticesRead=47 SignedIn=48 PasskeyAdded=49",
        [typeof(ContentKind)] = "None=0 Text=1 Image=2 Video=3 Audio=4 Voice=5 Document=6 Location=7 Contact=8",
        [typeof(MarkKind)] = "None=0 Bold=1 Italic=2 Strikethrough=3 Code=4 Mention=5",
        [typeof(CallSignalKind)] = "None=0 Offer=1 Answer=2 Candidate=3 Restart=4",
        [typeof(MemberRole)] = "None=0 Member=1 Admin=2",
        [typeof(PrincipalKind)] = "None=0 Person=1 Agent=2 Visitor=3 Bot=4",
        [typeof(FrameRole)] = "Unknown=0 Request=1 Reply=2 Push=3",
    };

    private static readonly ErrorCode[] ErrorValues = Enum.GetValues<ErrorCode>().Where(code => code != ErrorCode.None).ToArray();

    private static IEnumerable<Type> Enums => typeof(FrameType).Assembly.GetTypes()
        .Where(type => type is { IsEnum: true, IsPublic: true, Namespace: "Chat.Protocol.Codes" });

    [TestCaseSource(nameof(Enums))]
    public void Numbers_are_as_they_landed(Type type)
    {
        IEnumerable<string> numbers = Enum.GetValues(type).Cast<Enum>().Select(value => $"{value}={value:D}");

        Assert.That(Frozen, Does.ContainKey(type), Rule);
        Assert.That(string.Join(' ', numbers), Is.EqualTo(Frozen[type]), Rule);
    }

    [Test]
    public void Error_codes_are_the_table_of_the_spec()
    {
        IEnumerable<string> spec = SpecTables.RowsUnder("### 9.1").Select(row => string.Join(' ', row.Take(4)));
        IEnumerable<string> code = ErrorValues.Select(error =>
            $"{(int)error} {ErrorCodes.Name(error)} {(ErrorCodes.IsRetryable(error) ? "yes" : "no")} {ErrorCodes.HttpStatus(error)}");

        Assert.That(code, Is.EqualTo(spec), Rule);
    }

    [Test]
    public void Close_codes_are_the_table_of_the_spec()
    {
        IEnumerable<string> spec = SpecTables.RowsUnder("### 9.2").Select(row => $"{row[0]} {row[1]}");
        IEnumerable<string> code = Enum.GetValues<DisconnectCode>().Where(close => (int)close >= 4000)
            .Select(close => $"{(int)close} {DisconnectCodes.Name(close)}");

        Assert.That(code, Is.EqualTo(spec), Rule);
    }

    [Test]
    public void Name_of_a_code_is_its_identifier_in_snake_case()
    {
        foreach (ErrorCode error in ErrorValues) Assert.That(ErrorCodes.Name(error), Is.EqualTo(Snake(error)));
        foreach (DisconnectCode close in Enum.GetValues<DisconnectCode>().Where(close => close != DisconnectCode.None))
            Assert.That(DisconnectCodes.Name(close), Is.EqualTo(Snake(close)));
    }

    [TestCase(1000, DisconnectVerdict.Stop)]
    [TestCase(1001, DisconnectVerdict.ComeBack)]
    [TestCase(1002, DisconnectVerdict.Stop)]
    [TestCase(1003, DisconnectVerdict.Stop)]
    [TestCase(1006, DisconnectVerdict.ComeBack)]
    [TestCase(1007, DisconnectVerdict.Stop)]
    [TestCase(1008, DisconnectVerdict.Stop)]
    [TestCase(1009, DisconnectVerdict.Stop)]
    [TestCase(1011, DisconnectVerdict.ComeBack)]
    [TestCase(1012, DisconnectVerdict.ComeBack)]
    [TestCase(4000, DisconnectVerdict.ComeBack)]
    [TestCase(4399, DisconnectVerdict.ComeBack)]
    [TestCase(4400, DisconnectVerdict.ComeBackWithNewToken)]
    [TestCase(4499, DisconnectVerdict.ComeBackWithNewToken)]
    [TestCase(4500, DisconnectVerdict.Stop)]
    [TestCase(4999, DisconnectVerdict.Stop)]
    public void Verdict_follows_the_ranges_of_the_spec(int code, DisconnectVerdict verdict) =>
        Assert.That(DisconnectCodes.Verdict(code), Is.EqualTo(verdict));

    [Test]
    public void Codes_that_no_table_has_are_named_unknown_and_judged_by_their_range()
    {
        Assert.That(ErrorCodes.Name((ErrorCode)499), Is.EqualTo("unknown"));
        Assert.That(ErrorCodes.IsRetryable((ErrorCode)499));
        Assert.That(ErrorCodes.IsRetryable((ErrorCode)399), Is.False);
        Assert.That(ErrorCodes.HttpStatus((ErrorCode)499), Is.EqualTo(500));
        Assert.That(DisconnectCodes.Name((DisconnectCode)4399), Is.EqualTo("unknown"));
    }

    private static string Snake(Enum value) => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
