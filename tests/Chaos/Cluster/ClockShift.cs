namespace Chat.Chaos.Cluster;

/// <summary>A wall clock that can be set while its process runs (libfaketime); its monotonic clock stays right.</summary>
internal sealed class ClockShift
{
    private static readonly string[] Places =
    [
        "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1", "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
        "/usr/lib/faketime/libfaketimeMT.so.1", "/usr/lib64/faketime/libfaketimeMT.so.1",
    ];

    private readonly string _file;

    /// <param name="folder">Readable for every user, for PostgreSQL's sake.</param>
    public ClockShift(string folder, string name)
    {
        _file = Path.Combine(folder, name);
        Set("+0");
    }

    /// <summary>Null when it is installed, otherwise what to do.</summary>
    public static string? FindObstacle() =>
        Library() is null ? "libfaketime is not installed (Debian, Ubuntu: apt-get install libfaketime)" : null;

    /// <summary>For the process whose clock this is.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["LD_PRELOAD"] = Library(),
        ["FAKETIME_TIMESTAMP_FILE"] = _file,
        ["FAKETIME_CACHE_DURATION"] = "1", // seconds between two looks at the file
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        ["DONT_FAKE_MONOTONIC"] = "1",
        ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0", // its remedy for old glibc: with a later one every timed wait of .NET ends at once
    };

    /// <summary>Moves the clock, such as by "+1h" or "-3600".</summary>
    public void Set(string offset)
    {
        // Renamed into place: a half-written file would be a wrong time.
        File.WriteAllText(_file + ".new", offset + "\n");
        File.Move(_file + ".new", _file, overwrite: true);
    }

    private static string? Library() => Places.FirstOrDefault(File.Exists);
}
