using System.Globalization;
using System.Text.RegularExpressions;

namespace Chat.Storage.Managed;

/// <summary>A folder with PostgreSQL's server programs.</summary>
/// <param name="Directory">Holds <c>initdb</c> and <c>postgres</c>.</param>
internal sealed partial record PostgresBinaries(string Directory, Version Version)
{
    public const int OldestMajor = 15;
    public const string EnvironmentVariable = "CHAT_POSTGRES_BIN";

    public string Postgres => Path.Combine(Directory, "postgres");

    public string Initdb => Path.Combine(Directory, "initdb");

    /// <summary>
    /// All usable folders, the preferred one first: the option, the environment variable, installed ones from the newest, then those
    /// unpacked from the npm package. One that was asked for by name and is not usable is an error, not a reason to take another.
    /// </summary>
    /// <param name="installedRoot">Where the distribution installs, <c>/usr/lib/postgresql</c>; another in tests.</param>
    public static async Task<IReadOnlyList<PostgresBinaries>> FindAsync(
        ManagedPostgresOptions options, string installedRoot, CancellationToken ct)
    {
        var found = new List<PostgresBinaries>();
        if (options.BinariesDirectory is { } asked)
            found.Add(await RequireAsync(asked, nameof(ManagedPostgresOptions.BinariesDirectory), ct));
        if (Environment.GetEnvironmentVariable(EnvironmentVariable) is { Length: > 0 } fromEnvironment)
            found.Add(await RequireAsync(fromEnvironment, EnvironmentVariable, ct));

        found.AddRange(await ProbeAsync(Subfolders(installedRoot).Select(folder => Path.Combine(folder, "bin")), ct));
        IEnumerable<string> tools = options.ToolsDirectories.Count > 0 ? options.ToolsDirectories : DefaultToolsDirectories();
        found.AddRange(await ProbeAsync(tools.SelectMany(Subfolders).Select(folder => Path.Combine(folder, "native", "bin")), ct));
        if (found.Count > 0) return found;

        throw new ManagedPostgresException(
            $"No PostgreSQL programs (version {OldestMajor} or newer) were found. Looked at {EnvironmentVariable} (not set), "
            + $"{installedRoot}/*/bin and {string.Join(", ", tools.DefaultIfEmpty(".tools/postgres"))}. "
            + "Install PostgreSQL (Debian, Ubuntu: apt-get install postgresql), or run src/Storage/Managed/install-postgres.sh "
            + ".tools/postgres, "
            + "or give the server a connection string to a PostgreSQL of your own.");
    }

    /// <summary><c>.tools/postgres</c> in the working directory, the program's directory and every folder above them.</summary>
    private static IEnumerable<string> DefaultToolsDirectories()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (string start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
            for (DirectoryInfo? folder = new(start); folder is not null; folder = folder.Parent)
            {
                string tools = Path.Combine(folder.FullName, ".tools", "postgres");
                if (seen.Add(tools) && System.IO.Directory.Exists(tools)) yield return tools;
            }
    }

    private static string[] Subfolders(string folder) =>
        System.IO.Directory.Exists(folder) ? System.IO.Directory.GetDirectories(folder) : [];

    private static async Task<PostgresBinaries> RequireAsync(string folder, string setting, CancellationToken ct)
    {
        folder = Path.GetFullPath(folder);
        string hint =
            $"Point {setting} at the folder that holds 'postgres' and 'initdb' of PostgreSQL {OldestMajor} or newer, or unset it.";
        if (!HasPrograms(folder))
            throw new ManagedPostgresException($"{setting} is '{folder}', and there is no 'postgres' and 'initdb' in it. {hint}");
        (PostgresBinaries? binaries, string said) = await TryReadAsync(folder, ct);
        if (binaries is null)
            throw new ManagedPostgresException($"{setting} is '{folder}', and its 'postgres --version' says: {said}. {hint}");
        if (binaries.Version.Major < OldestMajor)
            throw new ManagedPostgresException($"{setting} is '{folder}', which is PostgreSQL {binaries.Version}. {hint}");
        return binaries;
    }

    private static async Task<List<PostgresBinaries>> ProbeAsync(IEnumerable<string> folders, CancellationToken ct)
    {
        var found = new List<PostgresBinaries>();
        foreach (string folder in folders.Where(HasPrograms))
            if ((await TryReadAsync(folder, ct)).Binaries is { } binaries && binaries.Version.Major >= OldestMajor)
                found.Add(binaries);
        found.Sort((x, y) => y.Version.CompareTo(x.Version));
        return found;
    }

    private static bool HasPrograms(string folder) =>
        File.Exists(Path.Combine(folder, "postgres")) && File.Exists(Path.Combine(folder, "initdb"));

    private static async Task<(PostgresBinaries? Binaries, string Said)> TryReadAsync(string folder, CancellationToken ct)
    {
        ShellResult result = await ShellCommand.RunAsync([Path.Combine(folder, "postgres"), "--version"], ct);
        Match match = VersionPattern().Match(result.Output);
        if (!result.Succeeded || !match.Success) return (null, result.Output);
        int major = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        int minor = match.Groups[2].Success ? int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture) : 0;
        return (new PostgresBinaries(folder, new Version(major, minor)), result.Output);
    }

    // "postgres (PostgreSQL) 15.18 (Debian …)", "… 19beta1"
    [GeneratedRegex(@"PostgreSQL\) (\d+)(?:\.(\d+))?")]
    private static partial Regex VersionPattern();
}
