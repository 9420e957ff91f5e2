namespace Chat.Server.Diagnostics;

/// <summary>Every log event of the server process has its number here. Numbers are never used again; ranges by area.</summary>
internal static class EventIds
{
    // 1000-1099 hosting
    public const int Started = 1000;
    public const int DatabaseEnded = 1002;
    public const int WaitsForDatabase = 1003;
    public const int DatabaseAppeared = 1004;
    public const int NewerSchema = 1005;
    public const int StopHurried = 1006;

    // 1100-1199 sessions
    public const int SessionOnline = 1100;
    public const int SessionClosed = 1101;
    public const int SessionDisconnected = 1102;
    public const int HelloReadFailed = 1103;
    public const int SweepFailed = 1104;
    public const int DevicesFoundRevoked = 1105;
    public const int DevicesNotChecked = 1106;
    public const int OperatorNotHeard = 1107;

    // 1200-1299 dispatch
    public const int RequestFailed = 1200;
    public const int RequestUnavailable = 1201;

    // 1300-1399 outbound
    public const int DrainFailed = 1300;

    // 1400-1499 transport
    public const int WebSocketOpened = 1400;
    public const int WebSocketClosed = 1401;
    public const int WebSocketViolation = 1402;
    public const int HandshakeRefused = 1403;
    public const int ConnectionLost = 1404;
    public const int WebSocketSessionFailed = 1405;
    public const int ConnectionSweepFailed = 1406;
    public const int CannotAccept = 1407;
    public const int SocketLoopFailed = 1408;
    public const int ConnectionFailed = 1409;
    public const int NoProxyHeader = 1410;

    // 1500-1599 cluster
    public const int BrokerDegraded = 1500;
    public const int BrokerAttemptFailed = 1501;
    public const int BrokerRecovered = 1502;
    public const int BrokerConnected = 1503;
    public const int BrokerReceiverFailed = 1504;
    public const int BrokerFailed = 1505;

    // 1600-1699 nodes, live settings, jobs
    public const int LimitsChanged = 1600;
    public const int SettingNotUsable = 1601;
    public const int SettingsNotRead = 1602;
    public const int NodeNamed = 1610;
    public const int NodeConnectionLost = 1611;
    public const int NodeNamedAgain = 1612;
    public const int NodeSuperseded = 1613;
    public const int NodeEndNotNoted = 1614;
    public const int JobDone = 1620;
    public const int JobFailed = 1621;
    public const int JobLeaseLost = 1622;
    public const int JobsNotRead = 1623;
    public const int ScheduledNotClaimed = 1624;
    public const int NotPushed = 1625;

    // 1700-1799 bounds
    public const int MetricsListening = 1700;
    public const int PoolLate = 1701;
    public const int ShortOfMemory = 1702;
    public const int MemoryAgain = 1703;
    public const int OverloadWatchFailed = 1704;
    public const int NoPulse = 1705;

    // 1800-1899 files
    public const int FileNotScanned = 1800;

    // 1900-1999 calls
    public const int CallsNotSwept = 1900;

    // 2000-2099 notifications
    public const int MailLogged = 2000;
    public const int TextLogged = 2001;
}
