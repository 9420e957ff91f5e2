namespace Chat.Domain.Presence;

/// <summary>One principal who came online or went offline on a node.</summary>
/// <param name="At">When they were last seen; of no meaning while online.</param>
internal readonly record struct PresenceChange(long PrincipalId, bool Online, DateTimeOffset At);
