using System.Globalization;

namespace Chat.Storage.Managed;

/// <summary>As whom PostgreSQL's programs run: it refuses to be root, so a server started as root drops privileges first.</summary>
/// <param name="Prefix">What a command line starts with; empty when we are not root.</param>
/// <param name="Owner">"uid:gid" that must own PostgreSQL's files; null when we are not root.</param>
internal sealed record PostgresUser(IReadOnlyList<string> Prefix, string? Owner, string Description)
{
    // Any number but 0 serves inside of the namespace: it stands for our own root there, and nothing of it is stored.
    private const string NamespaceUser = "1000";

    /// <summary>Finds a way that really works here: each candidate is tried on the programs and on the directory.</summary>
    /// <param name="directory">PostgreSQL's private directory. It exists; its owner may be changed by this call.</param>
    public static async Task<PostgresUser> FindAsync(string directory, PostgresBinaries binaries, CancellationToken ct)
    {
        if (!Environment.IsPrivilegedProcess) return new PostgresUser([], null, Environment.UserName);

        var tried = new List<string>();
        if (SearchPath.Has("setpriv"))
        {
            foreach ((string name, string uid, string gid) in Accounts())
            {
                var user = new PostgresUser(["setpriv", "--reuid", uid, "--regid", gid, "--clear-groups", "--"], $"{uid}:{gid}", name);
                string? fault = await user.TryAsync(directory, binaries, ct);
                if (fault is null) return user;
                tried.Add($"as user '{name}': {fault}");
            }
        }
        else
        {
            tried.Add("'setpriv' (util-linux) is not installed");
        }

        // For a directory that only root can reach: a user namespace in which our uid has another number than 0.
        string[] unshare = ["unshare", "--user", "--map-user=" + NamespaceUser, "--map-group=" + NamespaceUser, "--"];
        var mapped = new PostgresUser(unshare, "0:0", "root in a user namespace");
        string? mappedFault = await mapped.TryAsync(directory, binaries, ct);
        if (mappedFault is null) return mapped;
        tried.Add($"in a user namespace: {mappedFault}");

        throw new ManagedPostgresException(
            $"PostgreSQL refuses to run as root, and no way was found to run it as somebody else with its data in '{directory}' "
            + $"and its programs in '{binaries.Directory}' ({string.Join("; ", tried)}). "
            + "Start the server as an ordinary user, or choose a data "
            + "directory whose parents every user may enter (mode o+x), or give the server a connection string to a PostgreSQL of "
            + "your own.");
    }

    public IReadOnlyList<string> Command(params IReadOnlyList<string> command) => [.. Prefix, .. command];

    /// <summary>Makes this user the owner of everything below <paramref name="path"/>, if it is not already.</summary>
    public async Task TakeOwnershipAsync(string path, CancellationToken ct)
    {
        if (Owner is null) return;
        ShellResult stat = await ShellCommand.RunAsync(["stat", "-c", "%u:%g", path], ct);
        if (stat.Output == Owner) return;
        ShellResult chown = await ShellCommand.RunAsync(["chown", "-R", "-h", Owner, path], ct);
        if (!chown.Succeeded)
            throw new ManagedPostgresException(
                $"'{path}' cannot be given to {Description}: {chown.Output}. Choose a data directory on a disk that knows owners.");
    }

    private static IEnumerable<(string Name, string Uid, string Gid)> Accounts()
    {
        if (!File.Exists("/etc/passwd")) yield break;
        string[] lines = File.ReadAllLines("/etc/passwd");
        foreach (string wanted in (string[])["postgres", "nobody"])
            foreach (string line in lines)
                if (line.Split(':') is [{ } name, _, { } uid, { } gid, ..] && name == wanted
                    && int.TryParse(uid, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0)
                    yield return (name, uid, gid);
    }

    /// <summary>Null if this user can run the programs and own the directory; otherwise why not.</summary>
    private async Task<string?> TryAsync(string directory, PostgresBinaries binaries, CancellationToken ct)
    {
        // Through a shell: setpriv itself still has root's capabilities when it looks the program up.
        ShellResult run = await ShellCommand.RunAsync(Command("sh", "-c", "exec \"$1\" --version", "sh", binaries.Postgres), ct);
        if (!run.Succeeded) return FirstLine(run.Output);
        string parent = Path.GetDirectoryName(directory)!;
        ShellResult enter = await ShellCommand.RunAsync(Command("sh", "-c", "cd \"$1\"", "sh", parent), ct);
        if (!enter.Succeeded) return $"'{parent}' cannot be entered";
        await TakeOwnershipAsync(directory, ct);
        ShellResult write = await ShellCommand.RunAsync(Command("sh", "-c", "test -w \"$1\" && cd \"$1\"", "sh", directory), ct);
        return write.Succeeded ? null : $"'{directory}' cannot be written";
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0];
}
