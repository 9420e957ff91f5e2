using System.Diagnostics;
using Chat.Storage.Managed;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Chat.Storage.Tests.Managed;

[TestFixture, Category("postgres"), Parallelizable(ParallelScope.Self)]
public sealed class ManagedPostgresTests
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    [Test, CancelAfter(60_000)]
    public async Task A_second_start_makes_no_new_cluster_and_finds_the_data(CancellationToken ct)
    {
        const string identity = "select system_identifier from pg_control_system()";
        using var folder = new TempFolder();
        object? made;
        await using (ManagedPostgres first = await StartAsync(folder.Path, ct))
        {
            made = await ScalarAsync(first.ConnectionString, identity, ct);
            await ExecuteAsync(first.ConnectionString, "create table kept as select 42 as answer", ct);
        }

        await using ManagedPostgres second = await StartAsync(folder.Path, ct);

        Assert.That(await ScalarAsync(second.ConnectionString, identity, ct), Is.EqualTo(made));
        Assert.That(await ScalarAsync(second.ConnectionString, "select answer from kept", ct), Is.EqualTo(42));
    }

    [Test, CancelAfter(60_000)]
    public async Task It_is_durable_private_and_without_a_network_port(CancellationToken ct)
    {
        using var folder = new TempFolder();
        await using ManagedPostgres postgres = await StartAsync(folder.Path, ct);

        Assert.That(await ShowAsync(postgres, "fsync", ct), Is.EqualTo("on"));
        Assert.That(await ShowAsync(postgres, "full_page_writes", ct), Is.EqualTo("on"));
        Assert.That(await ShowAsync(postgres, "synchronous_commit", ct), Is.EqualTo("on"));
        Assert.That(await ShowAsync(postgres, "listen_addresses", ct), Is.Empty);
        Assert.That(await ShowAsync(postgres, "server_encoding", ct), Is.EqualTo("UTF8"));
        Assert.That(File.GetUnixFileMode(postgres.DataDirectory), Is.EqualTo(OwnerOnly));
        Assert.That(postgres.DataDirectory, Does.EndWith($"/postgres/{postgres.Version.Major}"));
    }

    [Test, CancelAfter(60_000)]
    public async Task A_killed_server_takes_it_along_and_the_next_start_waits_for_its_end(CancellationToken ct)
    {
        using var folder = new TempFolder();
        using Process helper = HelperProgram.Start("managed-postgres", folder.Path);
        string connectionString = (await helper.StandardOutput.ReadLineAsync(ct))!;
        await ExecuteAsync(connectionString, "create table kept as select 42 as answer", ct);
        int postmaster = PostmasterId(folder.Path);

        helper.Kill(); // SIGKILL
        await helper.WaitForExitAsync(ct);
        await using ManagedPostgres next = await StartAsync(folder.Path, ct);

        Assert.That(await ScalarAsync(next.ConnectionString, "select answer from kept", ct), Is.EqualTo(42));
        Assert.That(PostmasterId(folder.Path), Is.Not.EqualTo(postmaster));
        Assert.That(Directory.Exists($"/proc/{postmaster}"), Is.False);
    }

    [Test, CancelAfter(60_000)]
    public async Task Killed_server_with_no_next_start_leaves_no_postgres_behind(CancellationToken ct)
    {
        using var folder = new TempFolder();
        using Process helper = HelperProgram.Start("managed-postgres", folder.Path);
        await helper.StandardOutput.ReadLineAsync(ct);
        int postmaster = PostmasterId(folder.Path);

        helper.Kill();

        while (Directory.Exists($"/proc/{postmaster}"))
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, ct);
        Assert.That(Directory.GetFiles(folder.Path, "postmaster.pid", SearchOption.AllDirectories), Is.Empty);
    }

    [Test, CancelAfter(60_000)]
    public async Task Directory_in_use_is_reported_as_locked(CancellationToken ct)
    {
        using var folder = new TempFolder();
        await using ManagedPostgres first = await StartAsync(folder.Path, ct);

        ManagedPostgresException? refused = await Assert.ThrowsAsync<ManagedPostgresException>(() => StartAsync(folder.Path, ct));

        Assert.That(refused!.Message, Does.Contain("locked").And.Contain(folder.Path).And.Contain($"process {Environment.ProcessId}"));
        Assert.That(await ScalarAsync(first.ConnectionString, "select 1", ct), Is.EqualTo(1), "the first one goes on");
    }

    [Test, CancelAfter(60_000)]
    public async Task Two_directories_run_side_by_side(CancellationToken ct)
    {
        using var one = new TempFolder();
        using var two = new TempFolder();
        await using ManagedPostgres first = await StartAsync(one.Path, ct);
        await using ManagedPostgres second = await StartAsync(two.Path, ct);

        await ExecuteAsync(first.ConnectionString, "create table only_here ()", ct);

        Assert.That(await ScalarAsync(second.ConnectionString, "select to_regclass('only_here')::text", ct), Is.EqualTo(DBNull.Value));
    }

    [Test, CancelAfter(60_000)]
    public async Task Directory_that_only_its_owner_may_enter_works_too(CancellationToken ct)
    {
        using var closed = new TempFolder(OwnerOnly);
        await using ManagedPostgres postgres = await StartAsync(closed.Below("data"), ct);

        Assert.That(await ScalarAsync(postgres.ConnectionString, "select 1", ct), Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task Programs_below_a_closed_folder_work_too(CancellationToken ct)
    {
        IReadOnlyList<PostgresBinaries> found = await PostgresBinaries.FindAsync(
            new ManagedPostgresOptions { DataDirectory = "/unused" }, "/usr/lib/postgresql", ct);
        using var closed = new TempFolder(OwnerOnly);
        // The programs find their share and lib folders relative to themselves, so the version's whole folder is copied.
        string version = Path.GetDirectoryName(found[0].Directory)!;
        ShellResult copied = await ShellCommand.RunAsync(["cp", "-rL", version, closed.Below("version")], ct);
        Assume.That(copied.Succeeded, copied.Output);
        using var folder = new TempFolder();

        var options = new ManagedPostgresOptions { DataDirectory = folder.Path, BinariesDirectory = closed.Below("version", "bin") };
        if (version.StartsWith("/usr/lib/", StringComparison.Ordinal))
            Directory.CreateSymbolicLink(closed.Below("version", "share"), $"/usr/share/postgresql/{found[0].Version.Major}");
        await using ManagedPostgres postgres = await ManagedPostgres.StartAsync(options, TimeProvider.System, NullLogger.Instance, ct);

        Assert.That(await ScalarAsync(postgres.ConnectionString, "select 1", ct), Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task Path_too_long_for_a_socket_works_too(CancellationToken ct)
    {
        using var folder = new TempFolder();
        string deep = folder.Below(new string('d', 60), new string('e', 60));
        await using ManagedPostgres postgres = await StartAsync(deep, ct);

        Assert.That(await ScalarAsync(postgres.ConnectionString, "select 1", ct), Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task Data_with_a_blank_and_a_quote_in_their_path_work_too(CancellationToken ct)
    {
        using var folder = new TempFolder();
        await using ManagedPostgres postgres = await StartAsync(folder.Below("it's, my data"), ct);

        Assert.That(await ScalarAsync(postgres.ConnectionString, "select 1", ct), Is.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task Data_of_another_major_version_are_left_alone_and_both_versions_named(CancellationToken ct)
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Below("postgres", "14", "data"));
        await File.WriteAllTextAsync(folder.Below("postgres", "14", "data", "PG_VERSION"), "14\n", ct);

        ManagedPostgresException? refused = await Assert.ThrowsAsync<ManagedPostgresException>(() => StartAsync(folder.Path, ct));

        Assert.That(refused!.Message, Does.Contain("PostgreSQL 14").And.Contain("/bin").And.Contain("pg_upgrade"));
        Assert.That(Directory.GetDirectories(folder.Below("postgres")), Has.Length.EqualTo(1));
    }

    [Test, CancelAfter(60_000)]
    public async Task Missing_programs_are_named_with_the_setting(CancellationToken ct)
    {
        using var folder = new TempFolder();
        var options = new ManagedPostgresOptions { DataDirectory = folder.Path, BinariesDirectory = folder.Below("nowhere") };

        ManagedPostgresException? refused = await Assert.ThrowsAsync<ManagedPostgresException>(
            () => ManagedPostgres.StartAsync(options, TimeProvider.System, NullLogger.Instance, ct));

        Assert.That(refused!.Message, Does.Contain("BinariesDirectory").And.Contain("nowhere"));
    }

    [Test, CancelAfter(60_000)]
    public async Task With_no_programs_anywhere_the_message_says_how_to_get_them(CancellationToken ct)
    {
        using var folder = new TempFolder();
        var options = new ManagedPostgresOptions { DataDirectory = folder.Path, ToolsDirectories = [folder.Below("tools")] };

        ManagedPostgresException? refused = await Assert.ThrowsAsync<ManagedPostgresException>(
            () => PostgresBinaries.FindAsync(options, folder.Below("usr"), ct));

        Assert.That(refused!.Message, Does.Contain("apt-get install postgresql").And.Contain("install-postgres.sh").And.Contain("connection string"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Directory_that_cannot_be_made_is_not_writable(CancellationToken ct)
    {
        // /proc takes no new files, not even from root.
        ManagedPostgresException? refused = await Assert.ThrowsAsync<ManagedPostgresException>(() => StartAsync("/proc/chat-data", ct));

        Assert.That(refused!.Message, Does.Contain("not writable").And.Contain("/proc/chat-data"));
    }

    [Test, CancelAfter(60_000)]
    public async Task Setting_that_postgres_refuses_is_reported_with_its_own_words(CancellationToken ct)
    {
        using var folder = new TempFolder();
        var options = new ManagedPostgresOptions { DataDirectory = folder.Path, ExtraSettings = ["no_such_setting=1"] };

        ManagedPostgresException? refused = await Assert.ThrowsAsync<ManagedPostgresException>(
            () => ManagedPostgres.StartAsync(options, TimeProvider.System, NullLogger.Instance, ct));

        Assert.That(refused!.Message, Does.Contain("no_such_setting"));
        await using ManagedPostgres after = await StartAsync(folder.Path, ct);
        Assert.That(await ScalarAsync(after.ConnectionString, "select 1", ct), Is.EqualTo(1), "the directory is free again");
    }

    [Test, CancelAfter(60_000)]
    public async Task Stale_pid_file_does_not_hinder(CancellationToken ct)
    {
        using var folder = new TempFolder();
        string data;
        await using (ManagedPostgres first = await StartAsync(folder.Path, ct))
            data = Path.Combine(first.DataDirectory, "data");
        // As after a power cut, with the number now belonging to another program: this one.
        await File.WriteAllTextAsync(Path.Combine(data, "postmaster.pid"), $"{Environment.ProcessId}\n{data}\n1\n5432\n\n\n1 1\nready\n", ct);

        await using ManagedPostgres second = await StartAsync(folder.Path, ct);

        Assert.That(await ScalarAsync(second.ConnectionString, "select 1", ct), Is.EqualTo(1));
    }

    private static Task<ManagedPostgres> StartAsync(string directory, CancellationToken ct) =>
        ManagedPostgres.StartAsync(new ManagedPostgresOptions { DataDirectory = directory }, TimeProvider.System, NullLogger.Instance, ct);

    private static int PostmasterId(string directory)
    {
        string file = Directory.GetFiles(directory, "postmaster.pid", SearchOption.AllDirectories).Single();
        return int.Parse(File.ReadLines(file).First(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task<string> ShowAsync(ManagedPostgres postgres, string setting, CancellationToken ct) =>
        (string)(await ScalarAsync(postgres.ConnectionString, $"show {setting}", ct))!;

    private static async Task<object?> ScalarAsync(string connectionString, string sql, CancellationToken ct)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync(ct);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(ct);
    }

    private static Task<object?> ExecuteAsync(string connectionString, string sql, CancellationToken ct) => ScalarAsync(connectionString, sql, ct);
}
