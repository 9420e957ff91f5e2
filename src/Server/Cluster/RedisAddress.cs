using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace Chat.Server.Cluster;

/// <summary>Where Redis is and how to be let in: <see cref="ClusterOptions"/> read and judged.</summary>
/// <param name="Servers">Each server that was named, at least one; a name is not looked up yet.</param>
/// <param name="Password">Empty: none is sent.</param>
/// <param name="Database">For keys; channels know no database.</param>
internal sealed record RedisAddress(IReadOnlyList<EndPoint> Servers, string Password, bool Tls, int Database)
{
    /// <summary>In front of the path of a socket in the file system.</summary>
    public const string SocketScheme = "unix:";

    private const int DefaultPort = 6379;

    /// <summary>
    /// Redis knows the user that has only a password by this name; it is the only one that can be spoken for without ACL support.
    /// </summary>
    private const string DefaultUser = "default";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(3);

    /// <summary>The servers without anything secret, for logs and findings.</summary>
    public string Shown => string.Join(", ", Servers.Select(server => server switch
    {
        DnsEndPoint named => $"{named.Host}:{named.Port}",
        UnixDomainSocketEndPoint socket => $"{SocketScheme}{socket}",
        _ => server.ToString(),
    }));

    /// <summary>Reads the settings of a node that is not alone.</summary>
    /// <param name="faults">Gets one line for each fault, with setting, value (never a password) and remedy.</param>
    /// <returns>Null when there is a fault, or no Redis is configured.</returns>
    public static RedisAddress? Read(ClusterOptions options, List<string> faults)
    {
        string[] entries = options.Redis.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (entries.Length == 0) return null;

        int before = faults.Count;
        List<Entry> read = [];
        foreach (string entry in entries)
        {
            if (Parse(entry, faults) is { } parsed) read.Add(parsed);
        }

        if (faults.Count > before) return null;
        string password = One("password", read.Select(entry => entry.Password), options.RedisPassword, "", faults);
        int database = One("database", read.Select(entry => entry.Database ?? 0), options.RedisDatabase, 0, faults);
        if (read.Exists(entry => entry.Tls is true) && read.Exists(entry => entry.Tls is false))
            faults.Add("Cluster:Redis names redis:// and rediss:// at once: use one of them for all.");
        bool tls = options.RedisTls || read.Exists(entry => entry.Tls is true);
        if (tls && read.Exists(entry => entry.Server is UnixDomainSocketEndPoint))
            faults.Add("Cluster:Redis names a socket of this host, and TLS is asked for: it is for addresses in a network. Leave out one of them.");
        return faults.Count > before ? null : new RedisAddress(read.ConvertAll(entry => entry.Server), password, tls, database);
    }

    /// <param name="clientName">What <c>CLIENT LIST</c> shows for the connections.</param>
    public ConfigurationOptions ToConfiguration(string clientName)
    {
        ConfigurationOptions configuration = new()
        {
            AbortOnConnectFail = true, // a connection is there or it is not; trying again is the broker's own business
            ConnectTimeout = (int)ConnectTimeout.TotalMilliseconds,
            ConnectRetry = 1,
            KeepAlive = 30,
            DefaultDatabase = Database,
            Password = Password.Length > 0 ? Password : null,
            Ssl = Tls,
            ClientName = clientName,
            Protocol = RedisProtocol.Resp2, // one connection to publish and one to listen, as every Redis can
            TieBreaker = "", // no keys and channels but those with our prefix
            ConfigurationChannel = "",
        };
        foreach (EndPoint server in Servers) configuration.EndPoints.Add(server);
        return configuration;
    }

    private static Entry? Parse(string entry, List<string> faults)
    {
        if (entry.StartsWith(SocketScheme, StringComparison.Ordinal)) return ParseSocket(entry, faults);
        if (entry.Contains("://", StringComparison.Ordinal)) return ParseUrl(entry, faults);
        if (entry.Contains('=', StringComparison.Ordinal))
        {
            faults.Add(
                "Cluster:Redis has an option with '=': it takes addresses only. Use Cluster:RedisPassword, Cluster:RedisTls and "
                    + "Cluster:RedisDatabase.");
            return null;
        }

        // Uri knows the forms of a host, IPv6 in brackets included; the scheme is only there to ask it.
        bool valid = !entry.Contains('/', StringComparison.Ordinal) && !entry.Contains('@', StringComparison.Ordinal)
            && Uri.TryCreate($"redis://{entry}", UriKind.Absolute, out _);
        if (valid && ParseUrl($"redis://{entry}", []) is { } parsed) return parsed with { Tls = null };
        faults.Add(
            $"Cluster:Redis has '{Masked(entry)}': write host:port, redis://:password@host:port/database, rediss:// for TLS, or unix:/path of "
                + "a socket; several with commas.");
        return null;
    }

    private static Entry? ParseSocket(string entry, List<string> faults)
    {
        string path = entry[SocketScheme.Length..];
        if (!path.StartsWith('/'))
        {
            faults.Add($"Cluster:Redis has '{entry}': write the whole path of the socket, as in unix:/run/redis/redis.sock.");
            return null;
        }

        try
        {
            return new Entry(new UnixDomainSocketEndPoint(path), "", Tls: null, Database: null);
        }
        catch (ArgumentOutOfRangeException)
        {
            faults.Add($"Cluster:Redis has '{entry}': the system takes no path of a socket that is so long; have Redis make it in another folder.");
            return null;
        }
    }

    private static Entry? ParseUrl(string url, List<string> faults)
    {
        string shown = Masked(url);
        if (!Uri.TryCreate(url, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("redis" or "rediss") || uri.Host.Length == 0)
        {
            faults.Add($"Cluster:Redis has '{shown}': write redis://:password@host:port/database, or rediss:// for TLS.");
            return null;
        }

        int before = faults.Count;
        string[] user = uri.UserInfo.Split(':', 2);
        if (user[0].Length > 0 && user[0] != DefaultUser)
            faults.Add(
                $"Cluster:Redis has '{shown}' with a user name: only Redis's user 'default' can be used. Write "
                    + $"redis://:password@{uri.Authority}.");
        if (uri.Port == 0) faults.Add($"Cluster:Redis has '{shown}': a port is 1 to 65535.");
        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
            faults.Add(
                $"Cluster:Redis has '{shown}': nothing may stand behind the database. TLS is rediss://, the rest are settings of Cluster.");
        string path = uri.AbsolutePath.Trim('/');
        int? database = null;
        if (path.Length > 0)
        {
            if (int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number <= 15) database = number;
            else faults.Add($"Cluster:Redis has '{shown}': behind the host stands the number of a database, 0 to 15.");
        }

        if (faults.Count > before) return null;
        string password = user.Length > 1 ? Uri.UnescapeDataString(user[1]) : "";
        int port = uri.Port > 0 ? uri.Port : DefaultPort;
        EndPoint server = IPAddress.TryParse(uri.DnsSafeHost, out IPAddress? ip) ? new IPEndPoint(ip, port) : new DnsEndPoint(uri.DnsSafeHost, port);
        return new Entry(server, password, uri.Scheme == "rediss", database);
    }

    /// <summary>The one value that the addresses and the setting agree on.</summary>
    private static T One<T>(string name, IEnumerable<T> inAddresses, T setting, T none, List<string> faults)
        where T : notnull
    {
        T[] values = [.. inAddresses.Append(setting).Where(value => !value.Equals(none)).Distinct()];
        if (values.Length > 1)
            faults.Add(
                $"Cluster:Redis and Cluster:Redis{char.ToUpperInvariant(name[0])}{name[1..]} give more than one {name}: give it once.");
        return values.Length > 0 ? values[0] : none;
    }

    private static string Masked(string address)
    {
        int at = address.LastIndexOf('@');
        if (at < 0) return address;
        int scheme = address.IndexOf("://", StringComparison.Ordinal);
        return $"{(scheme < 0 ? "" : address[..(scheme + 3)])}***{address[at..]}";
    }

    /// <param name="Tls">Null: the address does not say.</param>
    private sealed record Entry(EndPoint Server, string Password, bool? Tls, int? Database);
}
