namespace Chat.Domain.Limits;

/// <summary>
/// How much one peer may ask for. Rates are refilled evenly and may be fractions; a burst is how much may come at once after a pause.
/// Configured in the section <c>Limits</c>; values stored in the database (<see cref="LiveSettings"/>) win and reach running nodes.
/// What counts for one principal holds for all kinds, but where a kind has a value of its own: <c>Limits:Visitors:SendsPerMinute</c>.
/// </summary>
public sealed record LimitSettings
{
    /// <summary>What persons have of their own.</summary>
    public KindLimits Persons { get; init; } = new();

    /// <summary>What those who answer visitors have of their own.</summary>
    public KindLimits Agents { get; init; } = new();

    /// <summary>What visitors of a site have of their own.</summary>
    public KindLimits Visitors { get; init; } = KindLimits.OfVisitors;

    /// <summary>What programs have of their own.</summary>
    public KindLimits Bots { get; init; } = new();

    /// <summary>
    /// Requests a minute over REST that one principal may make, of whatever sort. Default 6,000: more than the rates of single sorts add up to, so
    /// it is met by who goes through everything at once. 0 is no limit.
    /// </summary>
    public double RequestsPerMinute { get; init; } = 6_000;

    /// <summary>Requests that a principal may make at once after a pause. Default 1,000.</summary>
    public int RequestsBurst { get; init; } = 1_000;

    /// <summary>
    /// Messages a minute that one principal may send, over all its connections to a node; changes of messages and of one's own count, too. Default
    /// 60; 0 is no limit.
    /// </summary>
    public double SendsPerMinute { get; init; } = 60;

    /// <summary>Messages that a principal may send at once after a pause. Default 60: a minute's, so nobody who types or forwards meets it.</summary>
    public int SendsBurst { get; init; } = 60;

    /// <summary>What <see cref="SendsPerMinute"/> was called before, a sixtieth of it.</summary>
    public double SendsPerSecond
    {
        get => SendsPerMinute / 60;
        init => SendsPerMinute = value * 60;
    }

    /// <summary>Frames a second that one connection may send. Default 30; 0 is no limit.</summary>
    public double FramesPerSecond { get; init; } = 30;

    /// <summary>Frames that a connection may send at once after a pause. Default 60.</summary>
    public int FramesBurst { get; init; } = 60;

    /// <summary>Messages a second that one chat takes from this node. Default 50; 0 is no limit.</summary>
    public double ChatMessagesPerSecond { get; init; } = 50;

    /// <summary>Messages that a chat takes at once after a pause. Default 100.</summary>
    public int ChatMessagesBurst { get; init; } = 100;

    /// <summary>Typing notices a second that one principal may send in a chat. Default 1; 0 is no limit.</summary>
    public double TypingPerSecond { get; init; } = 1;

    /// <summary>Pages of history a second that one principal may ask for. Default 5; 0 is no limit.</summary>
    public double HistoryPerSecond { get; init; } = 5;

    /// <summary>Pages of history that a principal may ask for at once after a pause. Default 10.</summary>
    public int HistoryBurst { get; init; } = 10;

    /// <summary>Minutes for which an author may edit a message. Default 15; 0 is for ever.</summary>
    public int EditWindowMinutes { get; init; } = 15;

    /// <summary>Minutes for which an author may delete a message for everyone. Default 3,600 (60 hours); 0 is for ever.</summary>
    public int DeleteWindowMinutes { get; init; } = 3_600;

    /// <summary>
    /// People a second that one principal may look up by e-mail, phone or id. Default 0.2: a person's address book goes through in its own
    /// time, a list of a million numbers does not. 0 is no limit.
    /// </summary>
    public double LookupsPerSecond { get; init; } = 0.2;

    /// <summary>Look-ups of one principal at once after a pause. Default 60.</summary>
    public int LookupsBurst { get; init; } = 60;

    /// <summary>Members of one group, its creator included, 2 to 10,000. Default 256. Who is in a larger one stays.</summary>
    public int GroupMembers { get; init; } = 256;

    /// <summary>Chats that one principal may pin. Default 5; 0 is no limit.</summary>
    public int PinnedChats { get; init; } = 5;

    /// <summary>Uploads a minute that one principal may begin. Default 10; 0 is no limit.</summary>
    public double UploadsPerMinute { get; init; } = 10;

    /// <summary>Uploads that a principal may begin at once after a pause. Default 10.</summary>
    public int UploadsBurst { get; init; } = 10;

    /// <summary>
    /// Parts of uploads a second that one principal may send, completions included: each is a sync of the disk. Default 20; 0 is no limit.
    /// </summary>
    public double UploadPartsPerSecond { get; init; } = 20;

    /// <summary>Parts at once after a pause. Default 100: a file of 100 MiB in parts of 1 MiB.</summary>
    public int UploadPartsBurst { get; init; } = 100;

    /// <summary>Links to files a second that one principal may ask for, and as many requests with them. Default 20; 0 is no limit.</summary>
    public double FileReadsPerSecond { get; init; } = 20;

    /// <summary>Links, and requests with them, at once after a pause. Default 200: a gallery that is opened.</summary>
    public int FileReadsBurst { get; init; } = 200;

    /// <summary>Statuses an hour that one principal may post. Default 30; 0 is no limit.</summary>
    public double StatusesPerHour { get; init; } = 30;

    /// <summary>Statuses that a principal may post at once after a pause. Default 30.</summary>
    public int StatusesBurst { get; init; } = 30;

    /// <summary>Statuses that one principal shows at a time. Default 100; 0 is no limit.</summary>
    public int ActiveStatuses { get; init; } = 100;

    /// <summary>Messages a minute that one principal may schedule, or change that they did. Default 30; 0 is no limit.</summary>
    public double ScheduledPerMinute { get; init; } = 30;

    /// <summary>Messages that a principal may schedule at once after a pause. Default 100.</summary>
    public int ScheduledBurst { get; init; } = 100;

    /// <summary>Scheduled messages that one principal has at a time, those that failed included. Default 100; 0 is no limit.</summary>
    public int OpenScheduled { get; init; } = 100;

    /// <summary>Calls a minute that one principal may start: each rings on others' devices. Default 6; 0 is no limit.</summary>
    public double CallsPerMinute { get; init; } = 6;

    /// <summary>Calls that a principal may start at once after a pause. Default 10.</summary>
    public int CallsBurst { get; init; } = 10;

    /// <summary>Signals, and signs of life, a second that one principal may send in its call. Default 30; 0 is no limit.</summary>
    public double CallSignalsPerSecond { get; init; } = 30;

    /// <summary>Signals at once after a pause. Default 300: what three connections that come about at once take.</summary>
    public int CallSignalsBurst { get; init; } = 300;

    /// <summary>Previews of pages a minute that one principal may ask for. Default 20; 0 is no limit.</summary>
    public double PreviewsPerMinute { get; init; } = 20;

    /// <summary>Previews that a principal may ask for at once after a pause. Default 5: no one takes all turns of a node's fetches.</summary>
    public int PreviewsBurst { get; init; } = 5;

    /// <summary>Searches a second of one principal, for messages and for names. Default 5: as fast as one types; 0 is no limit.</summary>
    public double SearchesPerSecond { get; init; } = 5;

    /// <summary>Searches of a principal at once after a pause. Default 20.</summary>
    public int SearchesBurst { get; init; } = 20;

    /// <summary>
    /// Pages a second of who has got and read a message that one principal may ask for. Default 1: a page looks for the times of 100 members.
    /// 0 is no limit.
    /// </summary>
    public double MessageInfosPerSecond { get; init; } = 1;

    /// <summary>Such pages that a principal may ask for at once after a pause. Default 10.</summary>
    public int MessageInfosBurst { get; init; } = 10;

    /// <summary>Connections that one principal may have open to a node. Default 50; 0 is no limit.</summary>
    public int ConnectionsPerPrincipal { get; init; } = 50;

    /// <summary>
    /// Connections a second that one address (IPv4, or IPv6 /64) may open to a node. Default 200: an office behind one address comes back at
    /// once after a restart. 0 is no limit.
    /// </summary>
    public double AddressConnectionsPerSecond { get; init; } = 200;

    /// <summary>Connections that an address may open at once after a pause. Default 2,000.</summary>
    public int AddressConnectionsBurst { get; init; } = 2_000;

    /// <summary>Connections that one address may have open to a node. Default 10,000; 0 is no limit.</summary>
    public int AddressConnections { get; init; } = 10_000;

    /// <summary>
    /// Requests a second of one address that need no token: sign-in, registration, refresh, and a <c>hello</c> whose token is not one of
    /// ours. Default 20; 0 is no limit. Wrong passwords are counted besides (section <c>SignIn</c>).
    /// </summary>
    public double AddressSignInsPerSecond { get; init; } = 20;

    /// <summary>Such requests of an address at once after a pause. Default 200.</summary>
    public int AddressSignInsBurst { get; init; } = 200;

    /// <summary>1: limits of addresses hold for this machine's own (127.0.0.0/8, ::1) too. Default 0.</summary>
    public int LimitLoopback { get; init; }

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (LimitSetting setting in LimitSetting.All.Concat(LimitSetting.OfKinds))
            if (setting.Read(this) is { } value && setting.FindFault(value) is { } fault) yield return fault;
    }
}
