using Chat.Domain.Accounts;
using Chat.Domain.Accounts.Issuers;
using Chat.Domain.Accounts.Passkeys;
using Chat.Domain.Calls;
using Chat.Domain.Limits;
using Chat.Domain.Links;
using Chat.Domain.Media;
using Chat.Domain.Presence;
using Chat.Domain.Push;
using Chat.Server.Cluster;
using Chat.Server.Media;
using Chat.Server.Notifications;
using Chat.Server.Outbound;
using Chat.Server.Push;
using Chat.Storage.Receipts;
using SessionOptions = Chat.Server.Sessions.SessionOptions;

namespace Chat.Server.Hosting;

/// <summary>Everything that can be set, read and judged once at the start.</summary>
public sealed record Settings
{
    public required bool IsDevelopment { get; init; }

    public ServerOptions Server { get; init; } = new();

    public DatabaseOptions Database { get; init; } = new();

    public TokenOptions Tokens { get; init; } = new();

    public IssuersOptions Issuers { get; init; } = new();

    public PasswordOptions Passwords { get; init; } = new();

    public SignInThrottleOptions SignIn { get; init; } = new();

    public PasskeyOptions Passkeys { get; init; } = new();

    public PresenceOptions Presence { get; init; } = new();

    public SessionOptions Sessions { get; init; } = new();

    public OutboundOptions Outbound { get; init; } = new();

    public ClusterOptions Cluster { get; init; } = new();

    public MediaOptions Media { get; init; } = new();

    public BlobStoreOptions Blobs { get; init; } = new();

    public CallOptions Calls { get; init; } = new();

    public MailOptions Mail { get; init; } = new();

    public PushOptions Push { get; init; } = new();

    public LinkPreviewOptions LinkPreviews { get; init; } = new();

    public ReceiptTimesOptions ReceiptTimes { get; init; } = new();

    public FcmOptions Fcm { get; init; } = new();

    public ApnsOptions Apns { get; init; } = new();

    public SmsOptions Sms { get; init; } = new();

    /// <summary>What holds where nothing is stored in the database.</summary>
    public LimitSettings Limits { get; init; } = new();
}
