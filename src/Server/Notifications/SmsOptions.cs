namespace Chat.Server.Notifications;

/// <summary>How the service sends text messages. Section <c>Sms</c>.</summary>
public sealed record SmsOptions
{
    /// <summary>
    /// <c>None</c>: phone numbers get no codes. <c>Log</c>: they are written to the log, for trying out; who reads the log can take any account
    /// over. Default None, in development Log.
    /// </summary>
    public SmsTransportKind Transport { get; init; } = SmsTransportKind.None;

    /// <summary>All faults of this record, each with setting, value and remedy; empty when it can be used.</summary>
    public IEnumerable<string> Validate()
    {
        if (!Enum.IsDefined(Transport)) yield return $"Sms:Transport is {Transport}: set None or Log.";
    }
}

/// <summary>What carries text messages.</summary>
public enum SmsTransportKind
{
    None = 0,
    Log = 1,
}
