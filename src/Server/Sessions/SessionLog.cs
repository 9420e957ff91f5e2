using Chat.Protocol.Codes;
using Chat.Server.Diagnostics;

namespace Chat.Server.Sessions;

internal static partial class SessionLog
{
    [LoggerMessage(EventId = EventIds.SessionOnline, Level = LogLevel.Debug, Message = "Session {SessionId} of principal {PrincipalId} is online ({ClientName})")]
    public static partial void Online(ILogger log, long sessionId, long principalId, string clientName);

    [LoggerMessage(EventId = EventIds.SessionClosed, Level = LogLevel.Debug, Message = "Session {SessionId} closed")]
    public static partial void Closed(ILogger log, long sessionId);

    [LoggerMessage(EventId = EventIds.SessionDisconnected, Level = LogLevel.Information, Message = "Session {SessionId} is disconnected: {Code}, {Detail}")]
    public static partial void Disconnected(ILogger log, long sessionId, DisconnectCode code, string detail);

    [LoggerMessage(EventId = EventIds.HelloReadFailed, Level = LogLevel.Warning, Message = "{Count} sign-ins could not be checked because the database does not answer")]
    public static partial void HelloReadFailed(ILogger log, Exception fault, int count);

    [LoggerMessage(EventId = EventIds.SweepFailed, Level = LogLevel.Error, Message = "The sweep over the sessions failed through a fault of the server; it goes on with the next round")]
    public static partial void SweepFailed(ILogger log, Exception fault);

    [LoggerMessage(EventId = EventIds.DevicesFoundRevoked, Level = LogLevel.Information,
        Message = "{Count} devices with live sessions were signed out elsewhere; their sessions are ended")]
    public static partial void FoundRevoked(ILogger log, int count);

    [LoggerMessage(EventId = EventIds.DevicesNotChecked, Level = LogLevel.Warning,
        Message = "It could not be checked whether live sessions were signed out elsewhere; it is tried again until the database answers")]
    public static partial void DevicesNotChecked(ILogger log, Exception fault);

    [LoggerMessage(EventId = EventIds.OperatorNotHeard, Level = LogLevel.Warning,
        Message = "It could not be read what operators did to accounts; it is tried again until the database answers")]
    public static partial void OperatorNotHeard(ILogger log, Exception fault);
}
