namespace Chat.Storage.Managed;

/// <summary>The private PostgreSQL cannot run; the message names the setting, its value and the remedy.</summary>
public sealed class ManagedPostgresException : Exception
{
    public ManagedPostgresException(string message) : base(message) { }

    public ManagedPostgresException(string message, Exception inner) : base(message, inner) { }
}
