namespace Chat.Storage;

/// <summary>Numbers of the log lines of this project, 6000 to 6999. Never used again once given.</summary>
internal static class EventIds
{
    public const int ManagedPostgresStarted = 6000;
    public const int MigrationLanded = 6001;
    public const int EventRejected = 6002;
    public const int BatchFailed = 6003;
    public const int CommittedSinkFailed = 6004;
    public const int ReceiptsFailed = 6005;
    public const int ReceiptSinkFailed = 6006;
    public const int OwnMarksFailed = 6007;
    public const int StorageStillSilent = 6008;
    public const int TurnMissed = 6009;
    public const int MigrationWaits = 6010;
    public const int ReceiptTimesFailed = 6011;
}
