namespace Chat.AdminApi.Rest;

/// <summary>Event ids of this project, 7000 to 7099. Append, never edit, never use one again.</summary>
internal static class RestEventIds
{
    public const int Unhandled = 7000;
    public const int Unavailable = 7001;
    public const int ReadyCheckFailed = 7002;
}
