namespace Chat.Domain;

/// <summary>Numbers of the log lines of this project, 3000 to 3999. Never used again once given.</summary>
internal static class EventIds
{
    public const int LastSeenNotSaved = 3001;
    public const int PresenceListNotWritten = 3050;
    public const int PresenceListNotRead = 3051;
    public const int PresenceNodeGone = 3052;
    public const int PresenceLoopFailed = 3053;
    public const int HoleRepaired = 3002;
    public const int HoleNotRepaired = 3003;
    public const int HoleFailedTwice = 3004;
    public const int HoleUnfounded = 3005;
    public const int HeadsNotPolled = 3006;
    public const int HeadsNotAnnounced = 3007;
    public const int NodeSilent = 3008;
    public const int NodeHeardAgain = 3009;
    public const int CommitInDoubt = 3010;
    public const int DoubtNotAnswered = 3011;
    public const int DoubtAnswered = 3012;
    public const int DoubtLeft = 3013;
    public const int HoleMissing = 3020;
    public const int BlobStored = 3060;
    public const int BlobRefused = 3061;
    public const int BlobDeleted = 3062;
    public const int BlobLinked = 3063;
    public const int BlobNotErased = 3064;
    public const int BlobMissing = 3065;
    public const int BlobVirusFound = 3066;
    public const int DeliveryRetried = 3080;
    public const int DeliveryGivenUp = 3081;
    public const int PrivacyNotRead = 3100;
    public const int StatusNotTold = 3110;
    public const int StatusOrdersDropped = 3111;
    public const int SearchNotIndexed = 3120;
    public const int SearchSkipped = 3121;
    public const int SearchNameSkipped = 3122;
    public const int ScheduledNotSent = 3130;
    public const int AccountOrderObeyed = 3135;
    public const int PasskeyCounterBack = 3136;
    public const int SignInNotTold = 3137;
    public const int IssuedNameNotTaken = 3138;
    public const int IssuedUseNotNoted = 3139;
    public const int PushRefused = 3140;
    public const int PushRemoved = 3141;
    public const int PushKeyUnusable = 3142;
    public const int PushFailed = 3143;
}
