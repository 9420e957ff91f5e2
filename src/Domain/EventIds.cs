namespace Chat.Domain;

/// <summary>Numbers of the log lines of this project, 3000 to 3999. Never used again once given.</summary>
internal static class EventIds
{
    public const int LastSeenNotSaved = 3001;
    public const int HoleRepaired = 3002;
    public const int HoleNotRepaired = 3003;
}
